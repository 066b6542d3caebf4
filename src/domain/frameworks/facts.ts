import { byPath } from '../language/catalogue';
import { compareVersions } from '../language/version';
import { resolve, type Judged } from '../language/resolve';
import type { Catalogue, Parameter, Value, ValueType } from '../config/parameter';
import type { Setting, Sheet } from '../config/sheet';
import type { Surroundings } from './framework';

/** A setting with the file it stands in, where that is not the text at hand. */
export interface Given {
  readonly setting: Setting;
  /** Where the text at hand names the file. */
  readonly from?: Setting['key'];
}

/** What holds when a sheet is carried out: the last word on each key, defaults behind; undefined where nobody can know. */
export class Facts {
  readonly sheet: Sheet;
  readonly catalogue: Catalogue;
  readonly #given = new Map<string, Given>();
  readonly #known: ReadonlyMap<string, Parameter>;
  readonly #files: ReadonlyMap<string, Setting>;

  constructor(
    readonly judged: Judged,
    readonly around: Surroundings,
    before: readonly Given[] = [],
  ) {
    this.sheet = judged.sheet;
    this.catalogue = judged.catalogue;
    this.#known = byPath(judged.catalogue);
    this.#files = new Map(before.map(({ setting }) => [setting.path, setting]));
    for (const given of before) this.#take(given);
    for (const setting of this.sheet.settings) if (!setting.section && setting.prefix !== '~') this.#take({ setting });
  }

  #take(given: Given): void {
    const { path } = given.setting;
    const resolved = resolve(path, this.judged);
    const negated = resolved.kind === 'parameter' && resolved.how === 'negated';
    const taken = negated ? { ...given, setting: { ...given.setting, value: false } } : given;
    this.#given.set(resolved.kind === 'parameter' ? resolved.parameter.path : path, taken);
  }

  /** Every key that was written, with the setting that counts and the place that names its file. */
  get written(): Iterable<readonly [string, Given]> {
    return this.#given;
  }

  /** The setting that counts for a key, where one was written. */
  given(path: string): Setting | undefined {
    return this.#given.get(path)?.setting;
  }

  /** What the files that the text names say of a key, whether it counts or not. */
  inFile(path: string): Setting | undefined {
    return this.#files.get(path);
  }

  /** Where to mark a key: its value in this text, or the name of the file that sets it. */
  place(path: string): Setting['key'] | undefined {
    const given = this.#given.get(path);
    return given?.from ?? given?.setting.valueSpan ?? given?.setting.key;
  }

  /** Was the key given a value other than none? */
  isSet(path: string): boolean {
    const value = this.#given.has(path) ? this.value(path) : null;
    return value !== null;
  }

  /** Could the key be set from outside the text (`"$@"`, a dictionary built elsewhere)? */
  mayBeSet(path: string): boolean {
    return this.#given.has(path) || this.sheet.open === true;
  }

  parameter(path: string): Parameter | undefined {
    return this.#known.get(path);
  }

  /** The value in force, of the parameter's type; undefined where it cannot be known from the text. */
  value(path: string): Value | undefined {
    const given = this.#given.get(path)?.setting;
    const parameter = this.#known.get(path);
    if (!given) return this.sheet.open ? undefined : standard(parameter);
    const bare = given.value === undefined && given.valueSpan === undefined;
    if (bare && parameter?.type.kind === 'bool') return true;
    if (given.value === undefined) return undefined;
    return converted(given.value, parameter?.type, this.sheet.dialect === 'flags' && !this.#given.get(path)?.from);
  }

  /** Is the catalogue's version older than this one? */
  isBefore(version: string): boolean {
    return compareVersions(this.catalogue.version, version) < 0;
  }

  number(path: string): number | undefined {
    const value = this.value(path);
    return typeof value === 'number' ? value : undefined;
  }

  is(path: string, wanted: Value): boolean {
    return this.value(path) === wanted;
  }

  text(path: string): string | undefined {
    const value = this.value(path);
    return typeof value === 'string' ? value : undefined;
  }

  /** The elements of a list; a single value counts as a list of one. */
  list(path: string): readonly Value[] | undefined {
    const value = this.value(path);
    if (value === undefined || value === null) return undefined;
    return Array.isArray(value) ? (value as readonly Value[]) : [value];
  }

  /** An environment variable: its text, null where the script sets none, undefined where it is set to the unknown. */
  environment(name: string): string | null | undefined {
    const found = this.sheet.environment.findLast((one) => one.name === name);
    return found ? found.text : null;
  }

  /** An option of what starts the program (`--nproc_per_node`). */
  option(...names: readonly string[]): string | null | undefined {
    const found = this.sheet.options?.findLast(({ path }) => names.includes(path));
    return found ? found.text : null;
  }
}

function standard(parameter: Parameter | undefined): Value | undefined {
  const value = parameter?.default;
  if (value === undefined) return parameter ? null : undefined;
  return typeof value === 'string' && (value.includes('${') || value === '???') ? undefined : value;
}

const TRUE = /^(true|yes|t|y|1)$/i;
const FALSE = /^(false|no|f|n|0)$/i;

/** A written value as the parameter's type has it; what does not fit stays what it is. */
function converted(value: Value, type: ValueType | undefined, fromText: boolean): Value | undefined {
  if (Array.isArray(value)) return value.map((one: Value) => converted(one, type?.of, fromText) ?? one);
  if (typeof value !== 'string') return value;
  if (value.includes('${') || value === '???') return undefined;
  const text = value.trim();
  if (type?.optional && /^(none|null)$/i.test(text)) return null;
  if (type?.kind === 'int' || type?.kind === 'float')
    return /^[-+.\d]/.test(text) && !Number.isNaN(Number(text)) ? Number(text) : value;
  if (type?.kind === 'bool') return TRUE.test(text) ? true : FALSE.test(text) ? false : value;
  if (type?.kind === 'list' && fromText) return [converted(text, type.of, true) ?? text];
  return value;
}
