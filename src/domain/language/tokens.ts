import type { Span } from '../config/finding';
import type { Setting } from '../config/sheet';
import { resolve, type Judged } from './resolve';

/** What a stretch of a text is, for its colour. */
export type TokenKind = 'property' | 'operator' | 'variable' | 'number' | 'enumMember' | 'string';

export const tokenKinds: readonly TokenKind[] = ['property', 'operator', 'variable', 'number', 'enumMember', 'string'];

export interface Token {
  readonly span: Span;
  readonly kind: TokenKind;
}

/** Colours of flags and overrides in a command, in the order of the text; a key that nobody knows gets none. */
export function tokens(judged: Judged): Token[] {
  const { sheet } = judged;
  if (sheet.dialect !== 'flags' && sheet.dialect !== 'overrides') return [];
  return sheet.settings
    .flatMap((setting) => tokensOf(setting, judged))
    .filter(({ span }) => span.end > span.start)
    .sort((a, b) => a.span.start - b.span.start);
}

function tokensOf(setting: Setting, judged: Judged): Token[] {
  const resolved = resolve(setting.path, judged);
  if (resolved.kind !== 'parameter') return [];
  const { key, prefix, valueSpan } = setting;
  const before = prefix === undefined ? [] : [{ start: key.start - prefix.length, end: key.start }];
  const value: Token[] = valueSpan ? [{ span: valueSpan, kind: kindOf(setting) }] : [];
  return [...before.map((span): Token => ({ span, kind: 'operator' })), { span: key, kind: 'property' }, ...value];

  function kindOf({ variable, text = '', value: given }: Setting): TokenKind {
    if (variable !== undefined) return 'variable';
    if (/^[-+]?(\d[\d_]*\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return 'number';
    const choices = resolved.kind === 'parameter' ? (resolved.parameter.choices ?? []) : [];
    const word = typeof given === 'boolean' || /^(true|false|null|none)$/i.test(text);
    return word || choices.map(String).includes(text) ? 'enumMember' : 'string';
  }
}
