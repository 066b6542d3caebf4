import type { Finding, Span } from './finding';
import type { Value } from './parameter';

export type DialectId = 'flags' | 'overrides' | 'yaml' | 'call' | 'json';

/** One key of a text with its value, both with their places. */
export interface Setting {
  /** Dotted path, or the flag's name with underscores and without dashes. */
  readonly path: string;
  readonly key: Span;
  /** Hydra's prefix, where the dialect has one. */
  readonly prefix?: '+' | '++' | '~';
  /** As written, quotes taken off and variables resolved; undefined where it cannot be known from the text. */
  readonly text?: string;
  /** Typed as the dialect types it (YAML's `1e-6`, a flag's words as a list); undefined where unknown. */
  readonly value?: Value;
  /** Undefined where there is no value (a bare flag, half a line). */
  readonly valueSpan?: Span;
  /** The value, or a part of it, stands elsewhere in the text than the key: in an array, or where a function is called. */
  readonly apart?: boolean;
  /** Of a value made of several words or elements: each with its place. */
  readonly items?: readonly { readonly text?: string; readonly span: Span }[];
  /** The key of a mapping; what it holds follows as settings of their own. */
  readonly section?: boolean;
  /** A field that a class of the user's adds: no framework knows it. */
  readonly own?: boolean;
  /** Name of the variable that the value came from, for go to definition. */
  readonly variable?: string;
  /** Where the text gives that variable its value. */
  readonly definition?: Span;
}

/** An environment variable set in front of, or before, a command. */
export interface EnvironmentSetting {
  readonly name: string;
  readonly key: Span;
  readonly text?: string;
  readonly valueSpan?: Span;
}

/** What one command, one file or one call says. A script with two commands gives two. */
export interface Sheet {
  readonly dialect: DialectId;
  readonly span: Span;
  /** The words before the settings: `['swift', 'rlhf']`, `['python3', '-m', 'verl.trainer.main_ppo']`, or the callee's name. */
  readonly command: readonly string[];
  readonly commandSpan?: Span;
  readonly settings: readonly Setting[];
  readonly environment: readonly EnvironmentSetting[];
  /** Arguments that are no settings: `file.yaml` in `swift rlhf file.yaml`. */
  readonly positional: readonly { readonly text?: string; readonly span: Span }[];
  /** Settings of what starts the program (`torchrun --nproc_per_node 8`) or reads its settings (`--config-name x`). */
  readonly options?: readonly Setting[];
  /** More settings may come from outside (`"$@"`, a dictionary built elsewhere): nothing is missing for certain. */
  readonly open?: boolean;
  /** Files that the same script writes, by the path that it gives them. */
  readonly written?: ReadonlyMap<string, Sheet>;
  /** What could not be read between the sheets of a text; the first of them has it. */
  readonly around?: readonly Finding[];
  /** What could not be read, and other remarks of the dialect itself. */
  readonly findings: readonly Finding[];
}

/** What could be written at an offset. */
export type Slot =
  | { readonly kind: 'key'; readonly sheet: Sheet; readonly span: Span; readonly typed: string }
  | {
      readonly kind: 'value';
      readonly sheet: Sheet;
      readonly setting: Setting;
      readonly span: Span;
      readonly typed: string;
    };

/** What a setting takes of its text, value included; undefined where that stands elsewhere. */
export function extentOf({ key, valueSpan, apart }: Pick<Setting, 'key' | 'valueSpan' | 'apart'>): Span | undefined {
  return apart ? undefined : { start: key.start, end: Math.max(key.end, valueSpan?.end ?? 0) };
}

/** The setting whose key or value holds the offset. */
export function settingAt(sheet: Sheet, offset: number): Setting | undefined {
  const holds = (span: Span | undefined): boolean => span !== undefined && span.start <= offset && offset <= span.end;
  return sheet.settings.find((setting) => holds(setting.key) || holds(setting.valueSpan));
}
