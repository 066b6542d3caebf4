import type { Value } from '../../config/parameter';
import type { Setting } from '../../config/sheet';
import type { SyntaxNode } from '../dialect';

/** What a name stands for, where the file says so once. */
export interface Lookup {
  valueOf(name: string): SyntaxNode | undefined;
}

const DEEPEST = 12;

/** The value of an expression as far as the text tells it; undefined where only running it would. */
export function evaluate(node: SyntaxNode, names: Lookup, depth = 0): Value | undefined {
  if (depth > DEEPEST) return undefined;
  const inner = (child: SyntaxNode | null | undefined): Value | undefined =>
    child ? evaluate(child, names, depth + 1) : undefined;
  switch (node.type) {
    case 'true':
      return true;
    case 'false':
      return false;
    case 'none':
      return null;
    case 'integer':
    case 'float':
      return number(node.text);
    case 'string':
      return text(node);
    case 'concatenated_string':
      return joined(node.namedChildren.map(inner));
    case 'parenthesized_expression':
      return inner(node.namedChildren[0]);
    case 'unary_operator':
      return negative(node, inner(node.childForFieldName('argument')));
    case 'binary_operator':
      return binary(node, inner);
    case 'list':
    case 'tuple':
    case 'set':
      return all(node.namedChildren.filter((child) => child?.type !== 'comment').map(inner));
    case 'dictionary':
      return mapping(node, inner);
    case 'identifier':
      return inner(names.valueOf(node.text));
    default:
      return undefined;
  }
}

/** Value, text and place of an expression, for a setting. */
export function literal(node: SyntaxNode, names: Lookup): Partial<Setting> {
  const value = evaluate(node, names);
  const valueSpan = { start: node.startIndex, end: node.endIndex };
  const variable = node.type === 'identifier' ? { variable: node.text } : {};
  if (value === undefined) return { valueSpan, ...variable };
  const text = typeof value === 'string' ? value : value === null ? 'None' : JSON.stringify(value);
  const items = node.type === 'list' || node.type === 'tuple' ? { items: elements(node, names) } : {};
  return { valueSpan, value, text, ...variable, ...items };
}

function elements(node: SyntaxNode, names: Lookup): NonNullable<Setting['items']> {
  return node.namedChildren.flatMap((child) => {
    if (!child || child.type === 'comment') return [];
    const value = evaluate(child, names);
    const span = { start: child.startIndex, end: child.endIndex };
    return [typeof value === 'string' ? { span, text: value } : { span }];
  });
}

function number(source: string): Value | undefined {
  const plain = Number(source.replaceAll('_', ''));
  return Number.isNaN(plain) ? undefined : plain;
}

function text(node: SyntaxNode): Value | undefined {
  const [, prefix = '', quote = ''] = /^([a-zA-Z]*)("""|'''|"|')/.exec(node.text) ?? [];
  if (quote === '' || /b/i.test(prefix) || node.children.some((child) => child?.type === 'interpolation'))
    return undefined;
  const body = node.text.slice(prefix.length + quote.length, -quote.length);
  return /r/i.test(prefix) ? body : body.replace(/\\(['"\\])/g, '$1');
}

function joined(parts: readonly (Value | undefined)[]): Value | undefined {
  return parts.every((part) => typeof part === 'string') ? parts.join('') : undefined;
}

function negative(node: SyntaxNode, value: Value | undefined): Value | undefined {
  if (typeof value !== 'number') return undefined;
  return node.children[0]?.text === '-' ? -value : value;
}

function binary(node: SyntaxNode, inner: (child: SyntaxNode | null) => Value | undefined): Value | undefined {
  const left = inner(node.childForFieldName('left'));
  const right = inner(node.childForFieldName('right'));
  if (typeof left !== 'number' || typeof right !== 'number') return undefined;
  switch (node.childForFieldName('operator')?.text) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '//':
      return Math.floor(left / right);
    case '**':
      return left ** right;
    default:
      return undefined;
  }
}

function all(values: readonly (Value | undefined)[]): Value | undefined {
  return values.every((value) => value !== undefined) ? (values as Value[]) : undefined;
}

function mapping(node: SyntaxNode, inner: (child: SyntaxNode | null) => Value | undefined): Value | undefined {
  const entries: [string, Value][] = [];
  for (const pair of node.namedChildren) {
    if (!pair || pair.type === 'comment') continue;
    const key = pair.type === 'pair' ? inner(pair.childForFieldName('key')) : undefined;
    const value = inner(pair.childForFieldName('value'));
    if (key === undefined || value === undefined) return undefined;
    entries.push([String(key), value]);
  }
  return Object.fromEntries(entries);
}
