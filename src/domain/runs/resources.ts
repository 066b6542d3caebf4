/** What a scheduler is asked for. Absent: what its own settings say. */
export interface Resources {
  readonly partition?: string | undefined;
  readonly nodes?: number | undefined;
  /** How many, or with their kind as Slurm names it: `4`, `h200:4`. On each node. */
  readonly gpus?: string | undefined;
  /** CPUs of the one task. */
  readonly cpus?: number | undefined;
  /** `64G`. */
  readonly memory?: string | undefined;
  /** `2:00:00`, `1-12`, minutes. */
  readonly time?: string | undefined;
  readonly account?: string | undefined;
  readonly qos?: string | undefined;
  /** Options in the scheduler's own words, such as `--exclusive` or `--constraint=h200`. */
  readonly more?: readonly string[] | undefined;
}

const WORD = /^[A-Za-z0-9_][A-Za-z0-9_.,:@+/-]*$/;
const FORMS: Readonly<Record<string, readonly [RegExp, string]>> = {
  partition: [WORD, 'the name of a partition'],
  account: [WORD, 'the name of an account'],
  qos: [WORD, 'the name of a quality of service'],
  nodes: [/^[1-9]\d{0,4}$/, 'a number of nodes'],
  cpus: [/^[1-9]\d{0,4}$/, 'a number of CPUs'],
  gpus: [/^(?:[A-Za-z0-9_.-]+:)?\d{1,4}$/, 'a number of GPUs, such as 4 or h200:4'],
  memory: [/^\d+[KMGT]?$/, 'an amount of memory, such as 64G'],
  time: [/^(?:\d+|\d+:\d\d|\d+:\d\d:\d\d|\d+-\d+(?::\d\d){0,2})$/, 'a time, such as 2:00:00, 1-12 or minutes'],
};
const OPTION = /^--[a-z][a-z-]*(?:=[^\s'"\\#]+)?$/;

/** The first resource that cannot be asked for, as one sentence; undefined where all can. */
export function wrongResource({ more = [], ...rest }: Resources): string | undefined {
  for (const [name, value] of Object.entries(rest) as [string, string | number | undefined][]) {
    const [form, what] = FORMS[name] ?? [/^$/, 'known here'];
    if (value !== undefined && !form.test(String(value))) return `${name} "${value}" is not ${what}.`;
  }
  const wrong = more.find((option) => !OPTION.test(option));
  return wrong === undefined ? undefined : `"${wrong}" is not an option such as --constraint=h200.`;
}

/** Who starts the runs of a target. */
export type SchedulerName = 'slurm' | 'ray';
