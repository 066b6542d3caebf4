/** What stands where a secret stood. */
export const REDACTED = '***';

const NAME =
  /(^|[_-])(token|secret|password|passwd|pwd|credential)s?($|[_-])|(^|[_-])(api|access|secret|private|auth|account|hub)[_-]?keys?($|[_-])/i;
/** A key of an environment variable is a secret; one of a configuration mostly names a column. */
const VARIABLE = /^[A-Z0-9_]+_KEY$/;
/** Names that hold such a word and no secret. */
const HARMLESS =
  /(^|[_-])(num|max|min|eos|bos|pad|unk|special|add|new|mask|image|video|stop|sort|primary|foreign|public|dict|column|data|prompt|reward|label|solution|answer|response|input|output|tokens?_per)[_-]|(_|-)(keys?|tokens?)[_-](id|ids|len|length|count|level|mean|sum|limit|budget|file|path|name)|tokens$|keys$/i;

/** Values that show by themselves what they are. */
const SHAPES: readonly RegExp[] = [
  /hf_[A-Za-z0-9]{20,}/g,
  /sk-[A-Za-z0-9_-]{20,}/g,
  /gh[pousr]_[A-Za-z0-9]{30,}/g,
  /github_pat_[A-Za-z0-9_]{30,}/g,
  /AKIA[0-9A-Z]{16}/g,
  /xox[abpr]-[A-Za-z0-9-]{10,}/g,
  /glpat-[A-Za-z0-9_-]{20,}/g,
  /eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/g,
  /(?<![0-9a-fA-F])[0-9a-f]{40}(?![0-9a-fA-F])/g,
];

const PLACEHOLDER =
  /^$|^(x+|\*+|\.+|…|none|null|true|false|todo|changeme|change_me|your[ _-].*|my[ _-].*|<.*>|\[.*\]|\{\{.*\}\}|dummy|test|empty|-?\d+(\.\d+)?)$|^\$[A-Za-z_{(]/i;

/** Whether a name says that its value is a secret. */
function isSecretName(name: string): boolean {
  return (NAME.test(name) || VARIABLE.test(name)) && !HARMLESS.test(name);
}

/** Whether a variable, or an argument `--name value`, holds a secret: by its name or by the shape of its value. */
export function isSecret(name: string, value: string): boolean {
  if (PLACEHOLDER.test(value.trim())) return false;
  return isSecretName(name) || holdsSecret(value);
}

/** Whether a text holds something in the shape of a secret. Forty hex digits count where they are no git commit by their words. */
export function holdsSecret(text: string): boolean {
  return redact(text) !== text;
}

const ASSIGNED =
  /((?:^|[\s;&|("'{,])(?:export\s+|--)?["']?)([A-Za-z_][A-Za-z0-9_-]*)(["']?\s*[=:]\s*|\s+(?=[^-\s=:]))("[^"\n]*"|'[^'\n]*'|[^\s;&|)"',}]+)/g;

/** The text with every secret in it replaced by `***`: by shape, and by the name it is assigned to. `known` are values that are secret whatever they look like. */
export function redact(text: string, known: readonly string[] = []): string {
  let clean = text;
  for (const value of [...known].sort((a, b) => b.length - a.length))
    if (value.length >= 4) clean = clean.replaceAll(value, REDACTED);
  clean = clean.replace(ASSIGNED, (...found: string[]) => withoutValue(found));
  for (const shape of SHAPES)
    clean = clean.replace(shape, (found, at: number) => (isCommit(clean, at) ? found : REDACTED));
  return clean;
}

function withoutValue([whole = '', lead = '', name = '', between = '', value = '']: readonly string[]): string {
  if (!isSecretName(name) || (/^\s+$/.test(between) && !lead.endsWith('--'))) return whole;
  const bare = unquoted(value);
  if (bare === REDACTED || PLACEHOLDER.test(bare)) return whole;
  return `${lead}${name}${between}${value.replace(bare, () => REDACTED)}`;
}

/** Forty hex digits after such a word are a git object. */
function isCommit(text: string, at: number): boolean {
  return /(commit|revision|rev|sha1?|tree|parent|index|blob|@|\.\.)["']?[\s:=]*["']?$/i.test(
    text.slice(Math.max(0, at - 20), at),
  );
}

function unquoted(value: string): string {
  return /^(["']).*\1$/.test(value) ? value.slice(1, -1) : value;
}

/** A command taken apart: variables that stood before it, and secrets among its arguments as variables of their own. */
export interface Parted {
  /** Arguments; `{ secret }` stands for one that is a variable's value, with what stands around it. */
  readonly words: readonly Word[];
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** A word as it is, or a secret one: `before` and the value of a variable. */
export type Word = string | { readonly before: string; readonly secret: string };

/** Takes leading `NAME=value` words and every secret out of a command and its environment. */
export function partSecrets(command: readonly string[], given: Readonly<Record<string, string>>): Parted {
  const first = command.findIndex((word) => !ASSIGNMENT.test(word));
  const start = first < 0 ? command.length : first;
  const inline = command
    .slice(0, start)
    .map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] as const);
  const all = { ...given, ...Object.fromEntries(inline) };
  const secrets: Record<string, string> = {};
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(all)) (isSecret(name, value) ? secrets : env)[name] = value;
  const rest = command.slice(start);
  const words = rest.map((word, at) => wordOf(word, rest[at - 1] ?? '', secrets));
  return { words, env, secrets };
}

const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/;

function wordOf(word: string, previous: string, secrets: Record<string, string>): Word {
  const equals = /^(?:--?|\+\+?)?([A-Za-z_][\w.-]*)=(.*)$/s.exec(word);
  const [name, value] = equals ? [equals[1] ?? '', equals[2] ?? ''] : [previous.replace(/^--?/, ''), word];
  const flagged = equals !== null || /^--?[A-Za-z]/.test(previous);
  if (!(flagged ? isSecret(name, value) && !value.startsWith('-') : holdsSecret(word))) return word;
  const secret = `GRPO_SECRET_${Object.keys(secrets).length + 1}`;
  secrets[secret] = value;
  return { before: word.slice(0, word.length - value.length), secret };
}
