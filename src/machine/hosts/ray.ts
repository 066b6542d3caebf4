import { Problem } from '../../domain/problem';
import type { Resources } from '../../domain/runs/resources';
import type { JobAsk } from './hostProtocol';

/** What Ray's job server is asked to keep for the program itself; its workers ask for their own. Throws a `Problem` for what Ray has no word for. */
export function rayJob({ gpus, cpus, ...rest }: Resources, address: string | undefined): JobAsk {
  const [strange] = Object.keys(rest);
  if (strange !== undefined || (gpus !== undefined && !/^\d+$/.test(gpus))) {
    const message = `Ray knows no ${strange ?? 'kinds of GPUs'}: ask it for a number of gpus and cpus only.`;
    throw new Problem({ code: 'bad-input', message, remedy: 'edit-target' });
  }
  return {
    name: 'ray',
    ...(address === undefined ? {} : { address }),
    ...(gpus === undefined ? {} : { gpus: Number(gpus) }),
    ...(cpus === undefined ? {} : { cpus }),
  };
}
