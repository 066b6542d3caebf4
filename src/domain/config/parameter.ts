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

/** From `version` on the default is `to`. */
export interface DefaultChange {
  readonly version: string;
  readonly from?: Value;
  readonly to?: Value;
}

/** One configuration key of a framework. Never a weight of the network. */
export interface Parameter {
  /** Dotted path, or the flag's name without dashes. */
  readonly path: string;
  readonly type: ValueType;
  /** One or two sentences; empty where the framework gives none. */
  readonly doc: string;
  readonly default?: Value;
  /** What the framework puts in the place of the default when it starts, for people. */
  readonly effective?: string;
  /** Nothing else is accepted. */
  readonly choices?: readonly Value[];
  /** A value outside the choices is refused only when training starts, not when the settings are read. */
  readonly late?: boolean;
  /** The rule that a value outside the choices breaks, where it has a name of its own. */
  readonly rule?: string;
  /** Worth suggesting, but others are accepted too; `otherwise` says which. */
  readonly known?: readonly Value[];
  readonly otherwise?: string;
  readonly required?: boolean;
  /** First and last release that has it. */
  readonly since?: string;
  readonly until?: string;
  /** Releases between that lack it. */
  readonly absentIn?: readonly string[];
  readonly changes?: readonly DefaultChange[];
  /** Other spellings that the parser accepts. */
  readonly aliases?: readonly string[];
  /** Why it has no effect although it parses. */
  readonly inert?: string;
  /** First release in which it has none. */
  readonly inertSince?: string;
  /** No code that reads it was found; weaker than `inert`. */
  readonly unread?: boolean;
  /** It still works; use this one (or, where true, none) instead. */
  readonly deprecated?: string | true;
  readonly deprecatedSince?: string;
  /** The key that does what this one no longer does. */
  readonly replacement?: string;
  /** A new key to the framework's own schema: Hydra wants `+`. */
  readonly needsPlus?: boolean;
  /** It exists under this training backend only. */
  readonly only?: 'dp' | 'megatron';
  /** The framework overwrites it: setting it does nothing. */
  readonly auto?: boolean;
  readonly note?: string;
  /** `path:line` in the framework's repository at the catalogue's pin. */
  readonly source?: string;
  /** The class that declares it. */
  readonly group?: string;
  /** The class that a Python script fills to set it. */
  readonly dataclass?: string;
  /** It matters for GRPO: suggested first. */
  readonly grpo?: boolean;
}

/** A key that some version had and this one has not. */
export interface Removed {
  readonly path: string;
  readonly type?: ValueType;
  readonly default?: Value;
  readonly since?: string;
  /** First release without it. */
  readonly until?: string;
  readonly replacement?: string;
  readonly note?: string;
  /** The parser takes it as the beginning of this flag. */
  readonly prefixOf?: string;
}

/** All that one version of a framework accepts. */
export interface Catalogue {
  readonly framework: string;
  readonly version: string;
  readonly repository: string;
  readonly commit?: string;
  /** Where it came from: shipped with us, or read from an installed package. */
  readonly from: 'shipped' | 'installed';
  /** Of an installed one: the package's own folder. */
  readonly folder?: string;
  readonly parameters: readonly Parameter[];
  readonly removed: readonly Removed[];
  /** Paths that hold other paths and have no value of their own. */
  readonly sections?: readonly string[];
}
