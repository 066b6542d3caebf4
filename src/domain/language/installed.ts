import { readDocument } from '../dialects/all';
import type { PackageSource } from '../frameworks/framework';
import type { Catalogue, Parameter, Removed, Value } from '../config/parameter';
import { catalogueAt, catalogueFrom, type StoredParameter } from './catalogue';

/** What was read from an installed package, without importing it. */
export interface InstalledPackage {
  /** The package's own folder. */
  readonly folder: string;
  /** Null where the package does not tell. */
  readonly version: string | null;
  readonly parameters: readonly InstalledParameter[];
  /** Classes that were looked for and not found: of what they hold, nothing is known. */
  readonly lost: readonly string[];
  /** Files by their path below the package's folder. */
  readonly texts: Readonly<Record<string, string>>;
}

/** One field of a dataclass, as its source has it. */
export interface InstalledParameter {
  readonly path: string;
  readonly type: string;
  readonly source: string;
  readonly group: string;
  readonly dataclass: string;
  readonly doc?: string;
  readonly default?: Value;
  readonly choices?: readonly Value[];
  readonly required?: boolean;
  /** No constructor takes it: where we know that the framework fills such a key, it still does. */
  readonly filled?: boolean;
}

/** What we ship, corrected by what is installed: its version, its keys, their types and defaults. */
export function installedCatalogue(shipped: Catalogue, found: InstalledPackage, source: PackageSource): Catalogue {
  const version = found.version ?? shipped.version;
  const base = catalogueAt(shipped, version);
  const fields = [...found.parameters.map(stored), ...fieldsOf(found, source)];
  if (fields.length === 0) return base;
  const read = catalogueFrom({ ...base, parameters: fields, removed: [] }, 'installed');
  const own = new Map(read.parameters.map((one) => [one.path, one]));
  const exact = version === shipped.version;
  const whole = found.lost.length === 0;
  const older = new Set(shipped.removed.map(({ path }) => path));
  const [kept, gone] = parted(
    base.parameters,
    (one) => !whole || isStillThere(one, own) || (one.source === undefined && !older.has(one.path)),
  );
  const known = new Set(kept.map(({ path }) => path));
  const added = read.parameters.filter(({ path }) => !known.has(path)).map(({ auto: _, ...one }): Parameter => one);
  const back = new Set(added.map(({ path }) => path));
  return {
    ...base,
    version,
    from: 'installed',
    folder: found.folder,
    parameters: [...kept.map((one) => doubted(corrected(one, own.get(one.path)), own.get(one.path), exact)), ...added],
    removed: [...base.removed.filter(({ path }) => !back.has(path)), ...gone.map((one) => removedFrom(one, version))],
  };
}

function stored({ required: _, filled, ...field }: InstalledParameter): StoredParameter {
  return filled === true ? { ...field, auto: true } : field;
}

/** Keys that no class or file declares are added by the framework's programs: they stay as we know them. */
function isStillThere(one: Parameter, own: ReadonlyMap<string, Parameter>): boolean {
  const declared = one.auto !== true && one.needsPlus !== true && one.only !== 'megatron';
  return !declared || own.has(one.path) || (one.aliases ?? []).some((alias) => own.has(alias));
}

function corrected({ auto, ...one }: Parameter, own: Parameter | undefined): Parameter {
  if (!own) return { ...one, ...(auto === undefined ? {} : { auto }) };
  const typed = own.type.kind === 'any' ? {} : { type: own.type };
  const choices = own.choices ? { choices: own.choices } : {};
  const standard = own.default === undefined ? {} : { default: own.default };
  const place = own.source === undefined ? {} : { source: own.source };
  const fills = auto === true && own.auto === true ? { auto } : {};
  return { ...one, ...fills, ...typed, ...choices, ...standard, ...place, doc: one.doc === '' ? own.doc : one.doc };
}

/** Choices that another release was read for may be more in this one, and in a fork: what is none of them is warned about. */
function doubted(one: Parameter, own: Parameter | undefined, exact: boolean): Parameter {
  return exact || one.choices === undefined || own?.choices !== undefined ? one : { ...one, late: true };
}

function removedFrom({ path, type, since }: Parameter, version: string): Removed {
  const note = `not in the installed ${version}`;
  return { path, type, note, ...(since === undefined ? {} : { since }) };
}

/** Settings of the first of the files that is there, with their values as defaults; types are left as we know them. */
function fieldsOf({ texts, folder }: InstalledPackage, source: PackageSource): StoredParameter[] {
  const name = (source.texts ?? []).find((path) => texts[path] !== undefined && !/^defaults:/m.test(texts[path]));
  const text = name === undefined ? undefined : texts[name];
  const sheet = text === undefined ? undefined : readDocument('yaml', text, undefined).sheets[0];
  return (sheet?.settings ?? []).flatMap(({ path, section, value, key }) => {
    if (section || path.startsWith('hydra') || /(^|\.)_target_$|^defaults$/.test(path) || value === undefined)
      return [];
    const line = text?.slice(0, key.start).split('\n').length;
    const place = { source: `${folder}/${name}:${line}` };
    return [{ path, type: 'Any', ...(isPlain(value) ? { default: value } : {}), ...place }];
  });
}

const isPlain = (value: Value): boolean => value === null || typeof value !== 'object' || Array.isArray(value);

function parted<T>(all: readonly T[], fits: (one: T) => boolean): [T[], T[]] {
  return [all.filter(fits), all.filter((one) => !fits(one))];
}
