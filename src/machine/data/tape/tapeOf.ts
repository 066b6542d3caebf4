import type { RawRecord } from '../../../domain/rollouts/rollout';
import { BYTES, FALSE, LIST, NULL, OBJECT, TEXT, TRUE, type Tape } from './tape';

/** Puts any value on a tape, as JSON would write it; bytes stay bytes. Gives its node. */
export function tapeOf(tape: Tape, value: unknown): number {
  if (typeof value === 'string') return put(tape, value);
  if (typeof value === 'number') return tape.addNumber(value);
  if (typeof value === 'bigint') return tape.addNumber(Number(value));
  if (typeof value === 'boolean') return tape.add(value ? TRUE : FALSE, 0, 0);
  if (value instanceof Uint8Array) {
    const at = tape.store(value);
    return tape.add(BYTES, at, tape.end);
  }
  if (Array.isArray(value)) {
    const node = tape.add(LIST, 0, 0);
    for (const item of value) tapeOf(tape, item);
    tape.close(node, value.length);
    return node;
  }
  if (typeof value === 'object' && value !== null) return record(tape, value as Readonly<Record<string, unknown>>);
  return tape.add(NULL, 0, 0);
}

function record(tape: Tape, value: Readonly<Record<string, unknown>>): number {
  if (value instanceof Date) return put(tape, value.toJSON());
  const node = tape.add(OBJECT, 0, 0);
  let count = 0;
  for (const key of Object.keys(value)) {
    if (value[key] === undefined) continue;
    put(tape, key);
    tapeOf(tape, value[key]);
    count += 1;
  }
  tape.close(node, count);
  return node;
}

/** Half a pair of surrogates has no bytes: as everywhere, � stands for it. */
function put(tape: Tape, text: string): number {
  tape.room(text.length * 3);
  const from = tape.end;
  tape.end += tape.bytes.write(text, from);
  return tape.add(TEXT, from, tape.end);
}

/** The value at a node, as JSON and parquet would have given it. */
function valueOf(tape: Tape, reference: number): unknown {
  const node = tape.deref(reference);
  const kind = tape.kind[node];
  if (kind === TEXT) return tape.text(node);
  if (kind === OBJECT) return recordOf(tape, node);
  if (kind === LIST) return children(tape, node).map((child) => valueOf(tape, child));
  if (kind === BYTES) return new Uint8Array(tape.bytes.subarray(tape.from[node], tape.to[node]));
  if (kind === TRUE || kind === FALSE) return kind === TRUE;
  return kind === NULL ? null : tape.num[node];
}

/** The record at a node. */
export function recordOf(tape: Tape, node: number): RawRecord {
  const record: Record<string, unknown> = {};
  const all = children(tape, node);
  for (let at = 0; at < all.length; at += 2) record[tape.text(all[at] ?? 0)] = valueOf(tape, all[at + 1] ?? 0);
  return record;
}

function children(tape: Tape, node: number): readonly number[] {
  const nodes: number[] = [];
  for (let child = node + 1; child < (tape.next[node] ?? 0); child = tape.next[child] ?? 0) nodes.push(child);
  return nodes;
}
