import { readDocument } from '../dialects/all';
import type { Setting, Sheet } from '../config/sheet';

/** The command with `--name value`, in the place of what stood there before. */
export function withFlag(command: readonly string[], name: string, value: string): readonly string[] {
  const script = scriptOf(command);
  if (script) return script.with(name, value, 'flags');
  const flags = [`--${name}`, `--${name.replaceAll('_', '-')}`];
  const kept: string[] = [];
  for (let at = 0; at < command.length; at++) {
    const word = command[at] ?? '';
    if (flags.some((flag) => word.startsWith(`${flag}=`))) continue;
    if (!flags.includes(word)) kept.push(word);
    else at = behindValues(command, at);
  }
  return [...kept, `--${name}`, value];
}

/** The last value of the flag at this place; behind its first one a script is what the flags before it start. */
function behindValues(command: readonly string[], flag: number): number {
  let at = flag;
  while (isValue(command[at + 1]) && (at === flag || !/\.(?:py|sh)$/.test(command[at + 1] ?? ''))) at++;
  return at;
}

function isValue(word: string | undefined): boolean {
  return word !== undefined && (!word.startsWith('-') || /^-\.?\d/.test(word));
}

/** The command with `--name`, which takes no value. */
export function withSwitch(command: readonly string[], name: string): readonly string[] {
  const script = scriptOf(command);
  if (script) return script.with(name, undefined, 'flags');
  return command.includes(`--${name}`) ? command : [...command, `--${name}`];
}

/** The command with `path=value`, in the place of what stood there before. */
export function withOverride(command: readonly string[], path: string, value: string): readonly string[] {
  const script = scriptOf(command);
  if (script) return script.with(path, value, 'overrides');
  const kept = command.filter((word) => word.replace(/^\+{1,2}/, '').split('=')[0] !== path);
  return [...kept, `${path}=${value}`];
}

type Style = 'flags' | 'overrides';

interface Script {
  with(path: string, value: string | undefined, style: Style): readonly string[];
}

/** The text of `bash -c TEXT`: a change to such a command is a change to its text. */
function scriptOf(command: readonly string[]): Script | undefined {
  const [program = '', flag, text, ...rest] = command;
  if (!/^(?:.*\/)?(?:ba|da|z)?sh$/.test(program) || flag !== '-c' || text === undefined) return undefined;
  return { with: (path, value, style) => [program, flag, changed(text, { path, value, style }), ...rest] };
}

interface Change {
  readonly path: string;
  /** Absent for a flag without one. */
  readonly value: string | undefined;
  readonly style: Style;
}

/** The text with one setting changed where it stands, else added behind the others of the last command that has any. */
function changed(text: string, change: Change): string {
  const { sheets } = readDocument('shellscript', text, undefined);
  const fitting = sheets.filter(
    ({ dialect, command }) => dialect === change.style && !/^(?:set|cd)$/.test(command[0] ?? ''),
  );
  const sheet = fitting.findLast(({ settings }) => settings.length > 1) ?? fitting.at(-1);
  const known = sheet?.settings.find(({ path }) => path === change.path);
  if (known && change.value === undefined) return text;
  if (known?.valueSpan) return spliced(text, known.valueSpan, shellWord(change.value ?? ''));
  const end = sheet ? endOf(sheet) : text.trimEnd().length;
  return spliced(text, { start: end, end }, ` ${written(change)}`);
}

/** Behind the last setting, before what the command may still be followed by (`| tee log`, `"$@"`). */
function endOf({ settings, span, commandSpan }: Sheet): number {
  const ends = settings.map((setting: Setting) => Math.max(setting.key.end, setting.valueSpan?.end ?? 0));
  return ends.length > 0 ? Math.max(...ends) : (commandSpan?.end ?? span.end);
}

function written({ path, value, style }: Change): string {
  if (value === undefined) return `--${path}`;
  return style === 'flags' ? `--${path} ${shellWord(value)}` : shellWord(`${path}=${value}`);
}

function spliced(text: string, { start, end }: { start: number; end: number }, by: string): string {
  return text.slice(0, start) + by + text.slice(end);
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
