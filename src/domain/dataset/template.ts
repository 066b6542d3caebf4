import { Environment, Interpreter, parse, tokenize } from '@huggingface/jinja';
import type { Finding, Span } from '../config/finding';

/** What a template is given when it is rendered, and what a reader should know of it. */
export interface TemplateValues {
  readonly values: Readonly<Record<string, unknown>>;
  /** Rendered as transformers renders chat templates: a block takes the line break behind it and the blanks before it
   * along (_compile_jinja_template, transformers/utils/chat_template_utils.py @ v5.23.0). */
  readonly chat?: boolean;
}

/** A tag of a template: what stands between `{{ }}` or `{% %}`, with its place. */
interface Tag {
  readonly kind: 'value' | 'statement';
  readonly inner: string;
  readonly span: Span;
  /** Where `inner` starts. */
  readonly at: number;
}

/** Python's jinja2 keeps the line break after a tag, and so do we; the library's own default drops it. */
const LIKE_PYTHON = { trim_blocks: false, lstrip_blocks: false };
const LIKE_TRANSFORMERS = { trim_blocks: true, lstrip_blocks: true };

const TAG = /\{#[\s\S]*?#\}|\{\{-?([\s\S]*?)-?\}\}|\{%-?([\s\S]*?)-?%\}/g;
const CLOSING: Readonly<Record<string, string>> = {
  if: 'endif',
  for: 'endfor',
  macro: 'endmacro',
  call: 'endcall',
  filter: 'endfilter',
  generation: 'endgeneration',
};
/** Of one branch only: they stand inside another statement. */
const BRANCHES = ['else', 'elif'];

/** The template filled in, as Python's jinja2 would, or a sentence on why it cannot be. One line break at the end is dropped. */
export function render(
  text: string,
  { values, chat }: TemplateValues,
): { readonly text: string } | { readonly why: string } {
  try {
    const environment = new Environment();
    environment.set('raise_exception', (why: unknown) => {
      throw new Error(String(why));
    });
    for (const [name, value] of Object.entries({ true: true, false: false, none: null, ...values })) {
      if (value !== undefined) environment.set(name, value);
    }
    const program = parse(tokenize(text.replace(/\r?\n$/, ''), chat ? LIKE_TRANSFORMERS : LIKE_PYTHON));
    return { text: new Interpreter(environment).run(program).toString() };
  } catch (error) {
    return { why: messageOf(error) };
  }
}

/** Broken tags, blocks that are not closed, and names that nobody sets; `known` are the variables that it is given. */
export function checkTemplate(text: string, known: readonly string[]): readonly Finding[] {
  const tags = tagsOf(text);
  const broken = [...unclosedTags(text), ...tags.flatMap(brokenTag), ...unbalanced(tags)];
  return broken.length > 0 ? broken : [...undefinedNames(tags, known), ...unparsed(text)];
}

function tagsOf(text: string): readonly Tag[] {
  const tags: Tag[] = [];
  for (const match of text.matchAll(TAG)) {
    const inner = match[1] ?? match[2];
    if (inner === undefined) continue;
    const span = { start: match.index, end: match.index + match[0].length };
    const at = match.index + match[0].indexOf(inner, 2);
    tags.push({ kind: match[1] === undefined ? 'statement' : 'value', inner, span, at });
  }
  return tags;
}

/** `{{` or `{%` without its end: the rest of the template would be text. */
function unclosedTags(text: string): readonly Finding[] {
  const blank = text.replace(TAG, (tag) => ' '.repeat(tag.length));
  return [...blank.matchAll(/\{\{|\{%|\{#/g)].map(({ index, 0: open }) => {
    const close = { '{{': '}}', '{%': '%}', '{#': '#}' }[open] ?? '';
    return finding({ start: index, end: index + 2 }, 'template-syntax', `This “${open}” is not closed by “${close}”.`);
  });
}

/** A tag that is wrong by itself; statements are closed so that they can stand alone. */
function brokenTag({ kind, inner, span }: Tag): readonly Finding[] {
  const word = wordOf(inner);
  if (kind === 'value' && inner.trim() === '') return [finding(span, 'template-syntax', 'This tag is empty.')];
  const alone = kind === 'value' ? `{{${inner}}}` : standing(inner, word);
  if (alone === undefined) return [];
  try {
    parse(tokenize(alone, LIKE_PYTHON));
    return [];
  } catch (error) {
    return [finding(span, 'template-syntax', `This tag cannot be read: ${messageOf(error)}`)];
  }
}

function standing(inner: string, word: string): string | undefined {
  if (word === 'elif') return `{% if ${inner.trim().slice(4)} %}{% endif %}`;
  if (word === 'else' || word.startsWith('end') || word === 'break' || word === 'continue') return undefined;
  if (word === 'set' && !inner.includes('=')) return `{%${inner}%}{% endset %}`;
  const close = CLOSING[word];
  return close === undefined ? `{%${inner}%}` : `{%${inner}%}{% ${close} %}`;
}

function unbalanced(tags: readonly Tag[]): readonly Finding[] {
  const open: Tag[] = [];
  const findings: Finding[] = [];
  for (const tag of tags.filter(({ kind }) => kind === 'statement')) {
    const word = wordOf(tag.inner);
    if (opens(tag)) open.push(tag);
    else if (BRANCHES.includes(word) && open.length === 0) {
      findings.push(finding(tag.span, 'template-syntax', `“${word}” stands in no block.`));
    } else if (word.startsWith('end')) {
      const begun = open.pop();
      const wanted = begun ? closes(wordOf(begun.inner)) : undefined;
      if (wanted === word) continue;
      const why = wanted === undefined ? `“${word}” closes nothing.` : `“${word}” stands where “${wanted}” is due.`;
      findings.push(finding(tag.span, 'template-syntax', why));
    }
  }
  const left = open.map((tag) => `“${wordOf(tag.inner)}” is not closed by “${closes(wordOf(tag.inner)) ?? ''}”.`);
  return [
    ...findings,
    ...left.map((why, at) => finding(open[at]?.span ?? { start: 0, end: 0 }, 'template-syntax', why)),
  ];
}

function opens({ inner }: Tag): boolean {
  const word = wordOf(inner);
  return word in CLOSING || (word === 'set' && !inner.includes('='));
}

function closes(word: string): string | undefined {
  return word === 'set' ? 'endset' : CLOSING[word];
}

const NAME = /(?<![\w.'"|])([A-Za-z_]\w*)(?!\w*\s*=(?!=))/g;
const WORDS = new Set(
  (
    'if else elif for in not and or is set true false none True False None loop recursive namespace range dict raise_exception ' +
    'strftime_now macro call caller filter break continue generation ignore missing include import from as with'
  ).split(' '),
);

/** Names that are read, but neither given nor set anywhere in the template. */
function undefinedNames(tags: readonly Tag[], known: readonly string[]): readonly Finding[] {
  const set = new Set([...known, ...tags.flatMap(({ inner, kind }) => (kind === 'statement' ? namesSet(inner) : []))]);
  const findings: Finding[] = [];
  for (const { inner, at } of tags) {
    if (wordOf(inner).startsWith('end')) continue;
    const code = inner.replace(
      /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"/g,
      (quoted) => `'${' '.repeat(quoted.length - 2)}'`,
    );
    for (const match of code.matchAll(NAME)) {
      const name = match[1] ?? '';
      if (set.has(name) || WORDS.has(name) || isFilterOrTest(code, match.index)) continue;
      const span = { start: at + match.index, end: at + match.index + name.length };
      const given = known.length === 0 ? '' : `; the template is given ${known.join(', ')}`;
      findings.push({ ...finding(span, 'template-undefined', `“${name}” is not set${given}.`), weight: 'warning' });
    }
  }
  return findings;
}

function namesSet(inner: string): readonly string[] {
  const [, word = '', rest = ''] = /^\s*(\w+)([\s\S]*)$/.exec(inner) ?? [];
  if (word === 'set') return names(rest.split('=')[0] ?? '');
  if (word === 'for') return names(rest.split(/\sin\s/)[0] ?? '');
  return word === 'macro' || word === 'call' ? names(rest) : [];
}

function names(text: string): readonly string[] {
  return text.match(/[A-Za-z_]\w*/g) ?? [];
}

function isFilterOrTest(code: string, at: number): boolean {
  return /(?:\||\bis(?:\s+not)?)\s*$/.test(code.slice(0, at));
}

/** Names that can be read at a place of the template, `known` and those that it sets; none in its text and its quotes. */
export function variablesAt(text: string, offset: number, known: readonly string[]): readonly string[] {
  const [, inner] = /\{[{%]-?((?:(?![%}]\})[\s\S])*)$/.exec(text.slice(0, offset)) ?? [];
  if (inner === undefined || !/^(?:[^'"]|'[^']*'|"[^"]*")*$/.test(inner) || /[.|]\s*\w*$/.test(inner)) return [];
  const set = tagsOf(text).flatMap((tag) => (tag.kind === 'statement' ? namesSet(tag.inner) : []));
  return [...new Set([...known, ...set])];
}

/** What the tags one by one did not show. */
function unparsed(text: string): readonly Finding[] {
  try {
    parse(tokenize(text, LIKE_PYTHON));
    return [];
  } catch (error) {
    return [
      finding({ start: 0, end: text.length }, 'template-syntax', `The template cannot be read: ${messageOf(error)}`),
    ];
  }
}

function wordOf(inner: string): string {
  return /^\s*(\w+)/.exec(inner)?.[1] ?? '';
}

function finding(span: Span, rule: string, text: string): Finding {
  return { span, weight: 'error', rule, text };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/\.?$/, '.') : String(error);
}
