import type { Facts } from '../facts';
import { acceleratesWith } from './accelerate';

/** `trl grpo` and its script; a script of the same name in another project has rewards and data of its own. */
export function isOwn(command: readonly string[]): boolean {
  const target = command.at(-1) ?? '';
  return target === 'grpo' || /trl[./]scripts[./]grpo/.test(target);
}

/** Are the keys meant for another program: a script of one's own, or a file with keys that TRL has not? */
export function isForOther(facts: Facts): boolean {
  const { command, dialect } = facts.sheet;
  if (dialect === 'flags') return !isOwn(command);
  return dialect === 'yaml' && [...facts.written].some(([path]) => !isKnown(path, facts));
}

const isKnown = (path: string, facts: Facts): boolean =>
  /^(config|env|accelerate_config)(\.|$)/.test(path) ||
  facts.parameter(path.split('.')[0] ?? path) !== undefined ||
  acceleratesWith(path);
