import type { RawRecord } from '../rollouts/rollout';

/** What a function did to a row, by the row's columns. */
export interface RowChange {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly dropped: readonly string[];
}

export function rowChange(before: RawRecord, after: RawRecord): RowChange {
  const same = (name: string): boolean => JSON.stringify(before[name]) === JSON.stringify(after[name]);
  return {
    added: Object.keys(after).filter((name) => !(name in before)),
    changed: Object.keys(after).filter((name) => name in before && !same(name)),
    dropped: Object.keys(before).filter((name) => !(name in after)),
  };
}

/** `adds messages · changes query · drops history`. */
export function describeRow({ added, changed, dropped }: RowChange): string {
  const part = (verb: string, names: readonly string[]): string[] =>
    names.length === 0 ? [] : [`${verb} ${names.slice(0, 4).join(', ')}${names.length > 4 ? ' …' : ''}`];
  const parts = [...part('adds', added), ...part('changes', changed), ...part('drops', dropped)];
  return parts.length === 0 ? 'leaves the row as it is' : parts.join(' · ');
}
