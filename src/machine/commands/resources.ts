import type { Resources } from '../../domain/runs/resources';

/** Options that say what a scheduler is asked for. */
export const resourceOptions = {
  gpus: { type: 'string' },
  nodes: { type: 'string' },
  time: { type: 'string' },
  partition: { type: 'string' },
  cpus: { type: 'string' },
  memory: { type: 'string' },
  account: { type: 'string' },
  qos: { type: 'string' },
  option: { type: 'string', multiple: true },
} as const;

type Values = { readonly [K in Exclude<keyof typeof resourceOptions, 'option'>]?: string | undefined } & {
  readonly option?: readonly string[] | undefined;
};

/** What was asked for, under `resources`; nothing where nothing was. A number that is none stays as it was written, and is found where it is used. */
export function resourcesOf(values: Values): { readonly resources?: Resources } {
  const { gpus, time, partition, memory, account, qos, option: more } = values;
  const numbers = { nodes: number(values.nodes), cpus: number(values.cpus) };
  const all = { gpus, time, partition, memory, account, qos, more, ...numbers };
  const given = Object.entries(all).filter(([, value]) => value !== undefined);
  return given.length === 0 ? {} : { resources: Object.fromEntries(given) as Resources };
}

function number(text: string | undefined): number | string | undefined {
  return text === undefined || Number.isNaN(Number(text)) ? text : Number(text);
}
