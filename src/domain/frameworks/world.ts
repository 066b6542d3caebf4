import type { Facts } from './facts';

const whole = (text: string | null | undefined): number | undefined =>
  typeof text === 'string' && /^\d+$/.test(text.trim()) ? Number(text) : undefined;

/** Devices that a `CUDA_VISIBLE_DEVICES` names; undefined where it is not set or not known. */
export function visibleDevices(facts: Facts): number | undefined {
  const text = facts.environment('CUDA_VISIBLE_DEVICES');
  if (typeof text !== 'string' || !/^[\d,\s]+$/.test(text)) return undefined;
  return text.split(',').filter((device) => device.trim() !== '').length;
}

/** Processes that torchrun, accelerate or the launcher's own variables start; undefined where the text does not tell. */
export function processes(facts: Facts): number | undefined {
  const asked =
    whole(facts.option('num_processes')) ??
    whole(inLaunchFile(facts, 'num_processes')) ??
    whole(facts.given('num_processes')?.text);
  if (asked !== undefined) return asked;
  const each = whole(facts.option('nproc_per_node', 'num_gpus')) ?? whole(facts.environment('NPROC_PER_NODE'));
  const nodes = facts.option('nnodes', 'num_nodes') ?? facts.environment('NNODES');
  if (each === undefined) return facts.around.gpus;
  return nodes === null ? each : multiplied(each, whole(nodes));
}

/** What the file behind `accelerate launch --config_file` says. */
function inLaunchFile(facts: Facts, key: string): string | undefined {
  const path = facts.option('config_file') ?? facts.given('accelerate_config')?.text;
  const text = typeof path === 'string' ? facts.around.file?.(path) : undefined;
  return text === undefined ? undefined : new RegExp(`^${key}:[ \\t]*['"]?([^\\s'"#]+)`, 'm').exec(text)?.[1];
}

function multiplied(left: number, right: number | undefined): number | undefined {
  return right === undefined ? undefined : left * right;
}
