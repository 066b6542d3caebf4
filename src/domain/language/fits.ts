import type { Parameter, Value, ValueType } from '../config/parameter';
import type { Setting } from '../config/sheet';

const INTEGER = /^[-+]?\d+(_\d+)*$/;
const NUMBER = /^[-+]?(\d+(_\d+)*\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const NOT_FINITE = /^[-+]?(inf(inity)?|nan)$/i;
const BOOLEAN = /^(true|false|yes|no|t|f|y|n|1|0)$/i;
const NONE = /^(none|null)$/i;

/** What a type wants, in words that complete "wants …". */
const WANTS: Readonly<Record<ValueType['kind'], string>> = {
  bool: 'true or false',
  int: 'a whole number',
  float: 'a number',
  str: 'a text',
  list: 'a list',
  dict: 'a mapping',
  any: 'a value',
};

export const wants = (type: ValueType): string =>
  type.kind === 'list' && type.of && type.of.kind !== 'any' ? `a list of ${PLURAL[type.of.kind]}` : WANTS[type.kind];

const PLURAL: Readonly<Record<ValueType['kind'], string>> = {
  bool: 'booleans',
  int: 'whole numbers',
  float: 'numbers',
  str: 'texts',
  list: 'lists',
  dict: 'mappings',
  any: 'values',
};

/** Does a value written as text (a flag's) become the type without error? */
function textFits(text: string, type: ValueType): boolean {
  if (type.optional && NONE.test(text)) return true;
  if (type.kind === 'bool') return BOOLEAN.test(text);
  if (type.kind === 'int') return INTEGER.test(text);
  if (type.kind === 'float') return NUMBER.test(text) || NOT_FINITE.test(text);
  if (type.kind === 'list') return type.of === undefined || textFits(text, type.of);
  return true;
}

/** Does a typed value (of YAML, Hydra, Python) fit, with the conversions that the dataclasses make? */
function typedFits(value: Value, type: ValueType, strict: boolean): boolean {
  if (value === null) return !strict || type.optional === true || type.kind === 'any';
  if (typeof value === 'string') return value.includes('${') || value === '???' || stringFits(value, type);
  if (Array.isArray(value))
    return type.kind === 'any' || (type.kind === 'list' && value.every((item) => itemFits(item, type, strict)));
  if (typeof value === 'object') return type.kind === 'dict' || type.kind === 'any';
  if (type.kind === 'int') return typeof value === 'number' && Number.isInteger(value);
  if (type.kind === 'float') return typeof value === 'number';
  if (type.kind === 'bool') return typeof value === 'boolean' || value === 0 || value === 1;
  return type.kind !== 'list' && type.kind !== 'dict';
}

function itemFits(item: Value, type: ValueType, strict: boolean): boolean {
  return type.of === undefined || typedFits(item, type.of, strict);
}

/** A list wants a list, not a text that is walked letter by letter; a mapping may stand as text or name a file. */
function stringFits(value: string, type: ValueType): boolean {
  if (type.kind === 'list') return /^\s*\[/.test(value);
  return type.kind === 'dict' || textFits(value, type);
}

/** How a value reaches the framework: as words of a command line, as typed values, or as values of the very type. */
export type Written = 'words' | 'values' | 'types';

/** What is wrong with a setting's value, or undefined. Unknown values are never wrong. */
export function misfit(
  setting: Setting,
  parameter: Parameter,
  written: Written,
): 'bad-type' | 'bad-choice' | undefined {
  if (setting.value === undefined || isBlank(setting)) return undefined;
  if (!typeOf(setting.value, parameter, written)) return 'bad-type';
  return choiceOf(setting.value, parameter) ? undefined : 'bad-choice';
}

/** `<node_ip>`: a blank that somebody is still to fill in. */
function isBlank({ text = '' }: Setting): boolean {
  return /^<[^<>]+>/.test(text);
}

function typeOf(value: Value, { type }: Parameter, written: Written): boolean {
  if (written !== 'words') return typedFits(value, type, written === 'types');
  if (value !== null && typeof value === 'object' && !Array.isArray(value))
    return type.kind === 'dict' || type.kind === 'any';
  const texts: readonly Value[] = Array.isArray(value) ? value : [value];
  if (texts.length > 1 && ['bool', 'int', 'float'].includes(type.kind)) return false;
  return texts.every((text) => textFits(String(text), type));
}

function choiceOf(value: Value, { choices, type }: Parameter): boolean {
  if (choices === undefined || choices.length === 0) return true;
  if (value === null || (typeof value === 'string' && (value.includes('${') || (type.optional && NONE.test(value)))))
    return true;
  const given: readonly Value[] = Array.isArray(value) ? value : [value];
  const names = choices.map((choice) => (typeof choice === 'boolean' ? String(choice).toLowerCase() : String(choice)));
  return given.every((one) => {
    const text = String(one);
    return (
      names.includes(text) ||
      (typeof one === 'boolean' && names.includes(text.toLowerCase())) ||
      (names.includes(text.toLowerCase()) && BOOLEAN.test(text))
    );
  });
}
