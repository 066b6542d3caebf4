import { Problem } from '../../domain/problem';
import { wrongResource, type Resources } from '../../domain/runs/resources';
import type { JobAsk } from './hostProtocol';
import { rayJob } from './ray';
import { slurmJob } from './slurm';
import type { TargetSettings } from './target';

/** How a launch on this target is handed to its scheduler; undefined where the host starts it itself. Throws a `Problem` for what cannot be asked for. */
export function jobFor({ scheduler, resources }: TargetSettings, wished: Resources | undefined): JobAsk | undefined {
  if (!scheduler) {
    if (wished === undefined || Object.keys(wished).length === 0) return undefined;
    throw bad('This target has no scheduler, so nobody can be asked for GPUs, nodes or time: leave them out.');
  }
  const asked = { ...resources, ...wished };
  const wrong = wrongResource(asked);
  if (wrong !== undefined) throw bad(wrong);
  return scheduler.name === 'slurm' ? slurmJob(asked) : rayJob(asked, scheduler.address);
}

/** The same as the first lines of a preview. */
export function jobLines(job: JobAsk): readonly string[] {
  if (job.name === 'slurm') return job.header;
  const { address = 'its usual address', gpus = 0, cpus = 0 } = job;
  return [`# Ray's job server at ${address}: entrypoint_num_gpus=${gpus} entrypoint_num_cpus=${cpus}`];
}

function bad(message: string): Problem {
  return new Problem({ code: 'bad-input', message, remedy: 'edit-target' });
}
