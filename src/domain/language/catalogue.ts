import type { Catalogue, Parameter, Removed, Value } from '../config/parameter';
import { literalChoices, valueType } from './valueType';
import { compareVersions } from './version';

/** A catalogue as it is stored and sent: types are the framework's own words. */
export interface StoredCatalogue {
  readonly framework: string;
  readonly version: string;
  readonly repository: string;
  readonly commit?: string;
  readonly sections?: readonly string[];
  readonly parameters: readonly StoredParameter[];
  readonly removed: readonly StoredRemoved[];
}

export type StoredParameter = Omit<Parameter, 'type' | 'doc'> & { readonly type: string; readonly doc?: string };
type StoredRemoved = Omit<Removed, 'type'> & { readonly type?: string };

function parameter(stored: StoredParameter): Parameter {
  const literal = stored.choices ?? literalChoices(stored.type);
  const choices = literal && { choices: literal };
  return { ...stored, type: valueType(stored.type), doc: stored.doc ?? '', ...choices };
}

function removed({ type, ...rest }: StoredRemoved): Removed {
  return type === undefined ? rest : { ...rest, type: valueType(type) };
}

/** Stored form → catalogue. */
export function catalogueFrom(stored: StoredCatalogue, from: Catalogue['from']): Catalogue {
  return { ...stored, from, parameters: stored.parameters.map(parameter), removed: stored.removed.map(removed) };
}

/** A catalogue of `catalogue/*.json`, made when it is first asked for. */
export function shipped(json: unknown): () => Catalogue {
  let made: Catalogue | undefined;
  return () => (made ??= catalogueFrom(json as StoredCatalogue, 'shipped'));
}

const index = new WeakMap<Catalogue, ReadonlyMap<string, Parameter>>();

/** Every parameter by its path and by its other spellings. */
export function byPath(catalogue: Catalogue): ReadonlyMap<string, Parameter> {
  const known = index.get(catalogue);
  if (known) return known;
  const map = new Map<string, Parameter>();
  for (const one of catalogue.parameters) {
    for (const alias of one.aliases ?? []) map.set(alias, one);
  }
  for (const one of catalogue.parameters) if (!map.has(one.path) || one.only !== 'megatron') map.set(one.path, one);
  index.set(catalogue, map);
  return map;
}

const paths = new WeakMap<Catalogue, readonly string[]>();

/** The paths of all parameters; the same list each time. */
export function pathsOf(catalogue: Catalogue): readonly string[] {
  const known = paths.get(catalogue) ?? catalogue.parameters.map(({ path }) => path);
  paths.set(catalogue, known);
  return known;
}

function defaultAt(one: Parameter, version: string): { default?: Value } {
  const later = one.changes?.find((change) => compareVersions(change.version, version) > 0);
  return later?.from === undefined ? {} : { default: later.from };
}

function isIn(one: Parameter, version: string): boolean {
  const tooNew = one.since !== undefined && compareVersions(one.since, version) > 0;
  return !tooNew && !one.absentIn?.some((absent) => compareVersions(absent, version) === 0);
}

function wasIn(one: Removed, version: string): boolean {
  if (one.until === undefined) return false;
  return (
    (one.since === undefined || compareVersions(one.since, version) <= 0) && compareVersions(version, one.until) < 0
  );
}

/** The parameter without what was said of it only in later releases. */
function before({ inert, deprecated, ...one }: Parameter, version: string): Parameter {
  const isLater = (since: string | undefined): boolean => since !== undefined && compareVersions(version, since) < 0;
  return {
    ...one,
    ...defaultAt(one, version),
    ...(inert === undefined || isLater(one.inertSince) ? {} : { inert }),
    ...(deprecated === undefined || isLater(one.deprecatedSince) ? {} : { deprecated }),
  };
}

/** What an older `version` accepted, by the `since`, `until` and changed defaults that the catalogue knows. */
export function catalogueAt(catalogue: Catalogue, version: string): Catalogue {
  if (compareVersions(version, catalogue.version) >= 0) return { ...catalogue, version };
  const gone = catalogue.removed.filter((one) => wasIn(one, version));
  const back = gone.map((one): Parameter => {
    const { type = valueType('Any'), replacement: _, note: __, ...rest } = one;
    return { ...rest, type, doc: '', grpo: false };
  });
  const kept = catalogue.parameters.filter((one) => isIn(one, version));
  return {
    ...catalogue,
    version,
    parameters: [...kept.map((one) => before(one, version)), ...back],
    removed: catalogue.removed.filter((one) => !gone.includes(one)),
  };
}
