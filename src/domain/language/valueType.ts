import type { Value, ValueType } from '../config/parameter';

const NONE = /^(None|null|NoneType)$/;
const NAMES: Readonly<Record<string, ValueType['kind']>> = {
  bool: 'bool',
  int: 'int',
  float: 'float',
  str: 'str',
  dict: 'dict',
  list: 'list',
  tuple: 'list',
  any: 'any',
};

/** Splits at `separator` outside brackets and quotes. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote) quote = char === quote ? '' : quote;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '[' || char === '(') depth++;
    else if (char === ']' || char === ')') depth--;
    else if (char === separator && depth === 0) {
      parts.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return [...parts, text.slice(start)].map((part) => part.trim());
}

function members(text: string): string[] {
  const generic = /^(Optional|Union|Annotated)\[(.*)\]$/s.exec(text);
  if (!generic) return split(text, '|');
  const inner = split(generic[2] ?? '', ',');
  if (generic[1] === 'Annotated') return [inner[0] ?? ''];
  return generic[1] === 'Optional' ? [...inner, 'None'] : inner;
}

function single(text: string): ValueType {
  const parts = members(text);
  if (parts.length > 1) return valueType(text);
  const [, name = text, inner] = /^([\w.]+)(?:\s*[[(](.*)[\])])?/s.exec(text) ?? [];
  const bare = (name.split('.').pop() ?? '').toLowerCase();
  if (bare === 'literal') return literal(text, inner ?? '');
  const kind = NAMES[bare] ?? (bare === 'sequence' ? 'list' : bare.endsWith('config') ? 'dict' : 'any');
  if (kind !== 'list' || inner === undefined) return { kind, text };
  return { kind, text, of: valueType(split(inner, ',')[0] ?? 'Any') };
}

function literal(text: string, inner: string): ValueType {
  const values = split(inner, ',').filter((value) => !NONE.test(value));
  const kind = values.every((value) => /^['"]/.test(value)) ? 'str' : 'any';
  return { kind, text, ...(/\bNone\b/.test(inner) ? { optional: true } : {}) };
}

/** The type that a source text names, as in `Optional[List[str]]`, `int|null` or `float | str`. */
export function valueType(text: string): ValueType {
  const all = members(text.trim());
  const real = all.filter((part) => !NONE.test(part));
  const optional = real.length < all.length;
  const types = real.map((part) => (part === text.trim() ? single(part) : valueType(part)));
  const kinds = new Set(types.map((type) => type.kind));
  const [first] = types;
  if (first === undefined) return { kind: 'any', text };
  const same = kinds.size === 1 ? first : { kind: 'any' as const };
  return { ...same, text, ...(optional || first.optional ? { optional: true } : {}) };
}

/** Values of a `Literal[…]` anywhere in a type's text. */
export function literalChoices(text: string): Value[] | undefined {
  const [, inner] = /Literal\[([^\]]*)\]/.exec(text) ?? [];
  if (inner === undefined) return undefined;
  return split(inner, ',').map((part) => {
    if (NONE.test(part)) return null;
    return /^['"]/.test(part) ? part.slice(1, -1) : Number(part);
  });
}
