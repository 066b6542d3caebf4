import type { Span } from '../config/finding';
import type { Setting, Sheet } from '../config/sheet';
import type { Reader, SyntaxNode } from './dialect';
import { Names } from './python/names';
import { literal } from './python/literal';

const CONFIGURES = /(Config|Arguments|Args)$/;
const MOST = 20_000;

const spanOf = (node: SyntaxNode): Span => ({ start: node.startIndex, end: node.endIndex });

/** Keyword arguments of Python calls such as `SomeConfig(…)`: one sheet for each call. */
export const call: Reader = {
  languages: ['python'],
  read(text, grammars) {
    if (!grammars || !CONFIGURES_SOMEWHERE.test(text)) return [];
    const first = grammars.python(text);
    const missing = first.hasError ? closers(text) : '';
    const root = missing === '' ? first : grammars.python(text + missing);
    const names = new Names(root);
    return calls(root)
      .flatMap((node) => sheetOf(node, names) ?? [])
      .map((sheet) => cut(sheet, text.length));
  },
};

const BRACKETS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const TOKENS = /#[^\n]*|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|[()[\]{}]/g;

/** The brackets that a half-written text has yet to close. */
function closers(text: string): string {
  const open: string[] = [];
  for (const [token] of text.matchAll(TOKENS)) {
    const closing = BRACKETS[token];
    if (closing) open.push(closing);
    else if (token === open.at(-1)) open.pop();
  }
  const written = text.trimEnd().endsWith('=') ? 'None' : '';
  return open.length === 0 || open.length > 20 ? '' : `${written}${open.reverse().join('')}`;
}

const CONFIGURES_SOMEWHERE = /(Config|Arguments|Args)\b/;

function calls(root: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  const waiting: SyntaxNode[] = [root];
  for (let seen = 0; waiting.length > 0 && seen < MOST * 10; seen++) {
    const node = waiting.pop();
    if (!node) break;
    if (node.type === 'call') found.push(node);
    for (const child of node.namedChildren) if (child) waiting.push(child);
  }
  return found.sort((a, b) => a.startIndex - b.startIndex);
}

/** Leaves out what was only added to close the text. */
function cut(sheet: Sheet, length: number): Sheet {
  if (sheet.span.end <= length) return sheet;
  const settings = sheet.settings.map(({ path, key, ...rest }) =>
    (rest.valueSpan?.end ?? 0) <= length ? { path, key, ...rest } : { path, key },
  );
  return { ...sheet, settings, span: { start: sheet.span.start, end: length } };
}

function sheetOf(node: SyntaxNode, names: Names): Sheet | undefined {
  const callee = node.childForFieldName('function');
  const list = node.childForFieldName('arguments');
  if (!callee || !list || list.type !== 'argument_list') return undefined;
  const own = names.classOf(callee.text.split('.').pop() ?? '');
  if (!CONFIGURES.test(own.name)) return undefined;
  const settings: Setting[] = [];
  const positional: Sheet['positional'][number][] = [];
  let open = false;
  for (const argument of list.namedChildren) {
    if (!argument || argument.type === 'comment') continue;
    if (argument.type === 'keyword_argument') settings.push(...keyword(argument, names));
    else if (argument.type === 'dictionary_splat') {
      const entries = names.entries(argument.namedChildren[0] ?? undefined);
      if (entries) settings.push(...entries);
      else open = true;
    } else positional.push({ span: spanOf(argument) });
  }
  return {
    dialect: 'call',
    span: spanOf(node),
    command: [own.name],
    commandSpan: spanOf(callee),
    settings: settings.map((one) => (own.fields.has(one.path) ? { ...one, own: true } : one)),
    environment: [],
    positional,
    ...(open || positional.length > 0 ? { open: true } : {}),
    findings: [],
  };
}

function keyword(argument: SyntaxNode, names: Names): Setting[] {
  const name = argument.childForFieldName('name');
  const value = argument.childForFieldName('value');
  if (!name) return [];
  const base = { path: name.text, key: spanOf(name) };
  return [value ? { ...base, ...literal(value, names) } : base];
}
