import type { SyntaxNode } from '../dialects/dialect';
import { evaluate } from '../dialects/python/literal';
import type { StoredParameter } from '../language/catalogue';
import type { Value } from '../config/parameter';

const nothing = { valueOf: () => undefined };
const TYPES: Readonly<Record<string, string>> = { int: 'int', float: 'float', str: 'str' };
const MOST = 200_000;

/** Every `….add_argument('--name', …)` of a script, as argparse would take it (`Lib/argparse.py @ 3.12`). */
export function argparseFields(root: SyntaxNode): StoredParameter[] {
  const found: StoredParameter[] = [];
  const waiting: SyntaxNode[] = [root];
  for (let seen = 0; waiting.length > 0 && seen < MOST; seen++) {
    const node = waiting.pop();
    if (!node) break;
    const callee = node.type === 'call' ? node.childForFieldName('function') : null;
    if (callee?.type === 'attribute' && callee.text.endsWith('.add_argument')) found.push(...fieldOf(node));
    for (const child of node.namedChildren) if (child) waiting.push(child);
  }
  return found.reverse();
}

function fieldOf(call: SyntaxNode): StoredParameter[] {
  const words: string[] = [];
  const named = new Map<string, SyntaxNode>();
  for (const argument of call.childForFieldName('arguments')?.namedChildren ?? []) {
    const name = argument?.childForFieldName('name');
    const value = argument?.childForFieldName('value');
    if (argument?.type === 'keyword_argument' && name && value) named.set(name.text, value);
    const word = argument?.type === 'string' ? evaluate(argument, nothing) : undefined;
    if (typeof word === 'string') words.push(word);
  }
  const flags = words
    .filter((word) => word.startsWith('-'))
    .map((word) => word.replace(/^--?/, '').replaceAll('-', '_'));
  const [path, ...aliases] = flags.sort((a, b) => b.length - a.length);
  if (path === undefined) return [];
  const value = (key: string): Value | undefined => {
    const node = named.get(key);
    return node ? evaluate(node, nothing) : undefined;
  };
  const [choices, help, standard] = [value('choices'), value('help'), value('default')];
  return [
    {
      path,
      type: typeOf(named, value),
      grpo: true,
      ...(aliases.length > 0 ? { aliases } : {}),
      ...(Array.isArray(choices) ? { choices: choices as readonly Value[] } : {}),
      ...(typeof help === 'string' ? { doc: help } : {}),
      ...(standard === undefined ? {} : { default: standard }),
      ...(value('required') === true ? { required: true } : {}),
    },
  ];
}

function typeOf(named: ReadonlyMap<string, SyntaxNode>, value: (key: string) => Value | undefined): string {
  const action = named.get('action')?.text ?? '';
  if (/store_true|store_false|BooleanOptionalAction/.test(action)) return 'bool';
  if (action !== '' && !/["'](store|append)["']/.test(action)) return 'Any';
  const written = named.get('type')?.text;
  const type = written === undefined ? 'str' : (TYPES[written] ?? 'Any');
  const many = value('nargs') ?? (named.has('nargs') ? '*' : undefined);
  return many === undefined || many === '?' ? type : `list[${type}]`;
}
