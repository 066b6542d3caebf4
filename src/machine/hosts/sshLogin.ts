import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { lensHome } from './target';

/** Seconds that a login stays usable after its terminal was closed. */
const STAYS = 8 * 3600;

/** Where a login that was made in a terminal can be joined; short, since a socket's path may have 104 characters. */
function loginSocket(host: string): string {
  return join(lensHome(), 'ssh', createHash('sha256').update(host).digest('hex').slice(0, 16));
}

/** Arguments that join a login that stands; none where there is none, so that the user's own sharing stays in force. */
export function joining(host: string, platform: NodeJS.Platform = process.platform): readonly string[] {
  if (platform === 'win32') return [];
  const socket = loginSocket(host);
  return existsSync(socket) ? [`ControlPath=${socket}`] : [];
}

/**
 * What a terminal runs so that a password or second factor can be typed: a login that later connections join. Windows has
 * no such sharing; there the terminal only shows what the host wants.
 */
export async function terminalCommand(
  host: string,
  { path = 'ssh', config }: { readonly path?: string; readonly config?: string },
  platform: NodeJS.Platform = process.platform,
): Promise<{ readonly program: string; readonly args: readonly string[] }> {
  const socket = loginSocket(host);
  await mkdir(dirname(socket), { recursive: true, mode: 0o700 });
  const shared = ['ControlMaster=auto', `ControlPath=${socket}`, `ControlPersist=${STAYS}`];
  const settings = platform === 'win32' ? [] : shared.flatMap((set) => ['-o', set]);
  const said = 'echo "Logged in: GRPO Lens can use this host now, and this terminal may be closed."';
  const file = config === undefined ? [] : ['-F', config];
  return { program: path, args: [...file, ...settings, '-t', '--', host, `${said}; exec "$SHELL" -l`] };
}

/** The user's own settings file of ssh. */
export function sshConfigFile(config: string | undefined): string {
  return config ?? join(homedir(), '.ssh', 'config');
}

/** Names of hosts in settings files of ssh, `Include`s followed; patterns are no names. */
export async function configuredHosts(file: string, base = dirname(file), depth = 0): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (['ENOENT', 'EACCES', 'EISDIR'].includes(error.code ?? '')) return '';
    throw error;
  });
  const found: string[] = [];
  for (const line of text.split('\n')) {
    const [, key = '', rest = ''] = /^\s*(\w+)(?:\s*=\s*|\s+)(.*?)\s*$/.exec(line) ?? [];
    const words = (rest.match(/"[^"]*"|\S+/g) ?? []).map((word) => word.replace(/^"(.*)"$/, '$1'));
    if (/^host$/i.test(key)) found.push(...words.filter((word) => !/[*?!]/.test(word)));
    if (/^include$/i.test(key) && depth < 3)
      for (const path of (await Promise.all(words.map((word) => included(base, word)))).flat())
        found.push(...(await configuredHosts(path, base, depth + 1)));
  }
  return [...new Set(found)];
}

/** Relative includes stand beside the user's settings; the last part may be a pattern (`config.d/*`). */
async function included(base: string, word: string): Promise<string[]> {
  const path = resolve(base, word.replace(/^~(?=[\\/])/, homedir()));
  const pattern = basename(path);
  if (!/[*?]/.test(pattern)) return [path];
  const signs = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const names = await readdir(dirname(path)).catch(() => []);
  return names.filter((name) => new RegExp(`^${signs}$`).test(name)).map((name) => join(dirname(path), name));
}
