/** A value as a configuration text can hold it. */
export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value };

/** The type of a parameter, reduced to what can be checked from a text. */
export interface ValueType {
  readonly kind: 'bool' | 'int' | 'float' | 'str' | 'list' | 'dict' | 'any';
  /** Of a list. */
  readonly of?: ValueType;
  readonly optional?: boolean;
  /** As the framework's source says it, for people: `Optional[List[str]]`. */
  readonly text: string;
}

/** One configuration key of a framework. Never a weight of the network. */
export interface Parameter {
  /** Dotted path, or the flag's name without dashes. */
  readonly path: string;
  readonly type: ValueType;
  /** One or two sentences; empty where the framework gives none. */
  readonly doc: string;
  readonly default?: Value;
  readonly choices?: readonly Value[];
  readonly required?: boolean;
  /** First and last release that has it. */
  readonly since?: string;
  readonly until?: string;
  /** Other spellings that the parser accepts. */
  readonly aliases?: readonly string[];
  /** It parses, but nothing reads it. */
  readonly inert?: boolean;
  /** A new key to the framework's own schema: Hydra wants `+`. */
  readonly needsPlus?: boolean;
  /** `path:line` in the framework's repository at the catalogue's pin. */
  readonly source?: string;
  /** It matters for GRPO: suggested first. */
  readonly grpo?: boolean;
}

/** A key that some version had and this one has not. */
export interface Removed {
  readonly path: string;
  readonly since?: string;
  /** First release without it. */
  readonly until?: string;
  readonly replacement?: string;
  readonly note?: string;
}

/** All that one version of a framework accepts. */
export interface Catalogue {
  readonly framework: string;
  readonly version: string;
  readonly repository: string;
  readonly commit?: string;
  /** Where it came from: shipped with us, or read from an installed package. */
  readonly from: 'shipped' | 'installed';
  readonly parameters: readonly Parameter[];
  readonly removed: readonly Removed[];
}
