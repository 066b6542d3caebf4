import type { Resources } from '../../domain/runs/resources';
import type { JobAsk } from './hostProtocol';

/** The header of a batch job: one option a line. Output, name and log are the host's own. */
export function slurmJob({ partition, nodes, gpus, cpus, memory, time, account, qos, more = [] }: Resources): JobAsk {
  const options: readonly (readonly [string, string | number | undefined])[] = [
    ['partition', partition],
    ['nodes', nodes],
    ['gres', gpus === undefined ? undefined : `gpu:${gpus}`],
    ['cpus-per-task', cpus],
    ['mem', memory],
    ['time', time],
    ['account', account],
    ['qos', qos],
  ];
  const set = options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}=${value}`]));
  return { name: 'slurm', header: [...set, ...more].map((option) => `#SBATCH ${option}`) };
}
