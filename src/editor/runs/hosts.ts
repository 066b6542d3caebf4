import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { Problem } from '../../domain/problem';
import type { Run } from '../../domain/runs/run';
import { opensSshWindows, remoteAuthority } from '../../domain/runs/remote';
import { configuredHosts, sshConfigFile, terminalCommand } from '../../machine/hosts/sshLogin';
import { writeTarget } from '../../machine/hosts/target';
import type { Targets } from '../../machine/hosts/targets';
import type { Guard } from '../guard';
import type { RunTree } from './runs';

interface Room {
  readonly targets: Targets;
  readonly tree: RunTree;
}

/** The commands about hosts: add one, log in to it in a terminal, open it or a run's folder there in a window of its own. */
export function registerHosts({ targets, tree }: Room, guard: Guard): Disposable {
  const owned = new Disposables();
  owned.add(guard.command('grpoLens.addTarget', () => addTarget(targets, tree)));
  owned.add(
    guard.command('grpoLens.openHost', async (choice) => {
      const host = await hostOf(targets, typeof choice === 'object' ? choice.target : choice);
      if (host !== undefined) await openWindow(host);
    }),
  );
  owned.add(
    guard.command('grpoLens.connectHost', async (choice) => {
      const host = await hostOf(targets, typeof choice === 'object' ? choice.target : choice);
      if (host !== undefined) await connect(host, tree);
    }),
  );
  owned.add(
    guard.command('grpoLens.openRunFolder', async (choice) => {
      const word = typeof choice === 'object' ? choice.run.id : choice;
      const run = word === undefined ? await askRun(tree) : await tree.find(word);
      if (run) await openFolder(targets, run);
    }),
  );
  return owned;
}

async function askRun(tree: RunTree): Promise<Run | undefined> {
  const items = (await tree.all()).map(({ run }) => ({ label: run.name, description: run.target, run }));
  return (await vscode.window.showQuickPick(items, { title: 'Folder of which run?' }))?.run;
}

/** Here in the system's own file browser; on a host in a Remote-SSH window of VS Code, Cursor, Windsurf or VSCodium. */
async function openFolder(targets: Targets, run: Run): Promise<void> {
  const { settings } = await targets.get(run.target);
  if (settings.ssh !== undefined) return openWindow(settings.ssh, run.folder);
  const folder = vscode.Uri.file(run.folder);
  if (vscode.env.remoteName === undefined) await vscode.commands.executeCommand('revealFileInOS', folder);
  else await vscode.commands.executeCommand('vscode.openFolder', folder, { forceNewWindow: true });
}

async function openWindow(host: string, path?: string): Promise<void> {
  checkWindows();
  const authority = remoteAuthority(host);
  if (path === undefined)
    return vscode.commands.executeCommand('vscode.newWindow', { remoteAuthority: authority, reuseWindow: false });
  const uri = vscode.Uri.from({ scheme: 'vscode-remote', authority, path });
  await vscode.commands.executeCommand('vscode.openFolder', uri, { forceNewWindow: true });
}

/** In a remote window the extension that opened it is on the user's own machine, where we cannot look for it. */
function checkWindows(): void {
  const message =
    vscode.env.uiKind === vscode.UIKind.Web
      ? 'An editor in a browser opens no window on an ssh host: log in to it in a terminal, or use the editor of a desktop.'
      : vscode.env.remoteName === undefined && !opensSshWindows(vscode.extensions.all.map(manifestOf))
        ? 'A window on an ssh host needs an extension that opens it, such as Remote - SSH: install it, then try again.'
        : undefined;
  if (message !== undefined) throw new Problem({ code: 'unsupported', message });
}

const manifestOf = ({ packageJSON }: vscode.Extension<unknown>): { readonly activationEvents?: readonly string[] } =>
  packageJSON as { readonly activationEvents?: readonly string[] };

/** Passwords and second factors are typed in a terminal; what is logged in there is shared by what we ask later. */
async function connect(host: string, tree: RunTree): Promise<void> {
  const { program, args } = await terminalCommand(host, sshSettings());
  const terminal = vscode.window.createTerminal({ name: `ssh ${host}`, shellPath: program, shellArgs: [...args] });
  terminal.show();
  const closed = vscode.window.onDidCloseTerminal((one) => {
    if (one !== terminal) return;
    closed.dispose();
    void tree.lookAround();
  });
}

/** The host of a target, of which the user chooses one where several have one. */
async function hostOf(targets: Targets, name: string | undefined): Promise<string | undefined> {
  const all = (await targets.all()).flatMap(({ name: known, settings: { ssh } }) => (ssh ? [{ known, ssh }] : []));
  if (name !== undefined) {
    const found = all.find(({ known, ssh }) => known === name || ssh === name);
    if (found) return found.ssh;
    throw new Problem({ code: 'missing', message: `${name} is no target on an ssh host.` });
  }
  if (all.length === 0) return vscode.commands.executeCommand<string | undefined>('grpoLens.addTarget');
  const items = all.map(({ known, ssh }) => ({ label: known, description: ssh, ssh }));
  return (await vscode.window.showQuickPick(items, { title: 'Which host?' }))?.ssh;
}

/** A host of the user's ssh settings becomes a target of that name; one that is a target already stays as it is. */
async function addTarget(targets: Targets, tree: RunTree): Promise<string | undefined> {
  const file = sshConfigFile(sshSettings().config);
  const names = (await configuredHosts(file)).map((label) => ({ label }));
  const other = {
    label: '$(edit) Another name…',
    detail: `Hosts are read from ${file}; user and port belong there too.`,
  };
  const chosen = await vscode.window.showQuickPick([...names, other], { title: 'Which host of your ssh settings?' });
  const host =
    chosen === other
      ? await vscode.window.showInputBox({ title: 'SSH host', prompt: 'As you would write it behind ssh.' })
      : chosen?.label;
  const name = host?.trim() ?? '';
  if (name === '') return undefined;
  const known = (await targets.all()).some((target) => target.name === name);
  if (!known) await writeTarget(name, { ssh: name }, targets.home);
  void tree.lookAround();
  return name;
}

/** What the user told Remote-SSH of their ssh holds for us too. */
export function sshSettings(): { readonly path?: string; readonly config?: string } {
  const settings = vscode.workspace.getConfiguration('remote.SSH');
  const path = settings.get<string>('path')?.trim();
  const config = settings.get<string>('configFile')?.trim();
  return { ...(path ? { path } : {}), ...(config ? { config } : {}) };
}
