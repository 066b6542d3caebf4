import * as vscode from 'vscode';
import * as v from 'valibot';

const KEY = 'grpoLens.secrets';
const kept = v.record(v.string(), v.string());

/** Values of variables that are secret: asked for whenever a run needs them again, or taken from VS Code's secret storage. */
export class Secrets {
  constructor(private readonly storage: vscode.SecretStorage) {}

  /** Undefined where the user does not give them all. `why`: one sentence about what needs them. */
  async ask(names: readonly string[], why: string): Promise<Record<string, string> | undefined> {
    const known = names.length > 0 ? await this.#kept() : {};
    const found: Record<string, string> = {};
    for (const name of names) {
      const value = known[name] ?? (await this.#asked(name, why));
      if (value === undefined) return undefined;
      found[name] = value;
    }
    return found;
  }

  async forget(): Promise<void> {
    const names = Object.keys(await this.#kept());
    await this.storage.delete(KEY);
    const said = names.length === 0 ? 'No secret was remembered.' : `Forgotten: ${names.join(', ')}.`;
    void vscode.window.showInformationMessage(said);
  }

  async #asked(name: string, why: string): Promise<string | undefined> {
    const { value, remember } = await input(name, why);
    if (value !== undefined && remember)
      await this.storage.store(KEY, JSON.stringify({ ...(await this.#kept()), [name]: value }));
    return value;
  }

  async #kept(): Promise<Record<string, string>> {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), kept), await this.storage.get(KEY));
    return parsed.success ? parsed.output : {};
  }
}

interface Given {
  readonly value: string | undefined;
  readonly remember: boolean;
}

/** A hidden input with a button that has its value remembered. */
function input(name: string, why: string): Promise<Given> {
  const box = vscode.window.createInputBox();
  let remember = false;
  const show = (): void => {
    const icon = new vscode.ThemeIcon(remember ? 'lock' : 'unlock');
    box.buttons = [{ iconPath: icon, tooltip: 'Remember in VS Code’s secret storage' }];
    box.prompt = remember ? `${why} It will be remembered in VS Code’s secret storage.` : why;
  };
  box.title = name;
  box.password = true;
  box.ignoreFocusOut = true;
  show();
  return new Promise<Given>((resolve) => {
    box.onDidTriggerButton(() => {
      remember = !remember;
      show();
    });
    box.onDidAccept(() => {
      resolve({ value: box.value, remember });
      box.hide();
    });
    box.onDidHide(() => {
      resolve({ value: undefined, remember: false });
      box.dispose();
    });
    box.show();
  });
}
