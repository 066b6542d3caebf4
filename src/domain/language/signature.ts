import type { Parameter } from '../config/parameter';
import { settingAt } from '../config/sheet';
import { resolve, type Judged } from './resolve';
import { show } from './show';

/** How an override is written, with the part that the cursor is in. */
export interface Signature {
  readonly label: string;
  /** Parts of the label, as offsets in it. */
  readonly parts: readonly { readonly label: readonly [number, number]; readonly doc: string }[];
  readonly active: number;
  readonly doc: string;
}

const WRITTEN: Readonly<Record<Parameter['type']['kind'], string>> = {
  bool: '`true` or `false`',
  int: 'a whole number: `8`',
  float: 'a number: `1e-6`, `0.5`, `inf`',
  str: 'a text; with blanks, commas or brackets in two kinds of quotes: `\'key="a, b"\'`',
  list: "a list without blanks, the whole word quoted from the shell: `'key=[a,b]'`",
  dict: "a mapping, the whole word quoted from the shell: `'key={a:1,b:2}'`",
  any: "a number, `true`, `null`, a text, `'key=[a,b]'` or `'key={a:1}'`",
};

const PREFIXES =
  'Nothing: the key is there already. `+`: a new key. `++`: the key, whether it is there or not. `~`: takes the key out.';

/** What to write at an offset inside of an override (`hydra/grammar/OverrideParser.g4`, hydra-core 1.3); undefined elsewhere. */
export function signatureAt(judged: Judged, offset: number): Signature | undefined {
  const { sheet, framework } = judged;
  if (sheet.dialect !== 'overrides') return undefined;
  const setting = settingAt(sheet, offset);
  if (!setting || setting.path === '') return undefined;
  const resolved = resolve(setting.path, judged);
  const parameter = resolved.kind === 'parameter' ? resolved.parameter : undefined;
  const hydra = framework.reads !== 'types';
  const prefix = hydra ? '[+|++|~]' : '';
  const type = parameter?.type.text ?? 'value';
  const label = `${prefix}${setting.path}=${type}`;
  const equals = prefix.length + setting.path.length;
  const onValue = setting.valueSpan !== undefined && offset >= setting.valueSpan.start;
  const parts: Signature['parts'] = [
    ...(hydra ? [{ label: [0, prefix.length] as const, doc: PREFIXES }] : []),
    { label: [prefix.length, equals], doc: parameter?.doc ?? '' },
    { label: [equals + 1, label.length], doc: valueDoc(parameter, hydra) },
  ];
  return { label, parts, active: onValue ? parts.length - 1 : parts.length - 2, doc: standard(parameter) };
}

function valueDoc(parameter: Parameter | undefined, hydra: boolean): string {
  const written = WRITTEN[parameter?.type.kind ?? 'any'];
  const choices = parameter?.choices?.map((choice) => `\`${String(choice)}\``).join(', ');
  const nothing = parameter?.type.optional ? ', or `null`' : '';
  const other = hydra ? " Another key's value: `'${path.of.key}'`, quoted from the shell." : '';
  return `${choices ? `One of ${choices}` : `Write ${written}`}${nothing}.${other}`;
}

function standard(parameter: Parameter | undefined): string {
  return parameter?.default === undefined ? '' : `Default: \`${show(parameter.default)}\`.`;
}
