import type { Span } from '../config/finding';
import type { Parameter, Value } from '../config/parameter';
import type { DialectId, Slot } from '../config/sheet';
import { resolve, type Judged } from './resolve';
import { show } from './show';

/** One line of a list of suggestions. */
export interface Suggestion {
  readonly label: string;
  readonly insert: string;
  readonly span: Span;
  readonly kind: 'key' | 'value';
  /** Type and default, beside the label. */
  readonly detail: string;
  readonly doc: string;
  /** Lists are ordered by it. */
  readonly order: string;
}

/** What fits at a slot: keys that are not set yet, required and GRPO's own first; or values of the key. */
export function suggest(slot: Slot, judged: Judged): Suggestion[] {
  return slot.kind === 'key' ? keys(slot, judged) : values(slot, judged);
}

function keys(slot: Extract<Slot, { kind: 'key' }>, judged: Judged): Suggestion[] {
  const taken = new Set(slot.sheet.settings.filter(({ key }) => key.start !== slot.span.start).map(({ path }) => path));
  return judged.catalogue.parameters
    .filter((one) => !taken.has(one.path) && one.inert === undefined && !one.auto && one.deprecated === undefined)
    .map((one) => keySuggestion(one, slot));
}

function keySuggestion(one: Parameter, { span, sheet }: Extract<Slot, { kind: 'key' }>): Suggestion {
  const label = sheet.dialect === 'flags' ? `--${one.path}` : one.path;
  const written =
    sheet.dialect === 'overrides' ? `${one.needsPlus ? '+' : ''}${label}=` : `${label}${AFTER[sheet.dialect]}`;
  const standard = one.default === undefined ? '' : ` = ${show(one.default)}`;
  return {
    label,
    insert: written,
    span,
    kind: 'key',
    detail: `${one.type.text}${standard}`,
    doc: one.doc,
    order: `${one.required ? 0 : one.grpo ? 1 : one.doc ? 2 : 3}${one.path}`,
  };
}

const AFTER = { flags: ' ', overrides: '=', yaml: ': ', json: '": ', call: '=' } as const;

function values({ span, setting, sheet }: Extract<Slot, { kind: 'value' }>, judged: Judged): Suggestion[] {
  const resolved = resolve(setting.path, judged);
  if (resolved.kind !== 'parameter') return [];
  const { parameter } = resolved;
  const { choices, known, type } = parameter;
  const list = choices ?? known ?? (type.kind === 'bool' ? [true, false] : []);
  return list.map((value, at) => {
    const label = written(value, sheet.dialect);
    const insert = sheet.dialect === 'call' && typeof value === 'string' ? `'${label}'` : label;
    const detail = value === parameter.default ? 'default' : '';
    return { label, insert, span, kind: 'value' as const, detail, doc: '', order: String(at).padStart(4, '0') };
  });
}

/** A value as a text of the dialect has it: flags are read by Python's argparse, which knows `None` and no `null`. */
function written(value: Value, dialect: DialectId): string {
  if (value === null) return dialect === 'call' || dialect === 'flags' ? 'None' : 'null';
  if (typeof value !== 'boolean' || dialect !== 'call') return String(value);
  return value ? 'True' : 'False';
}
