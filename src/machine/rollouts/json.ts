import { parsed } from '../../base/json';
import type { RawRecord } from '../../domain/rollouts/rollout';

/** Python writes NaN and infinities bare, which JSON does not know: such a token outside of strings. */
const BARE = /"(?:[^"\\]|\\.)*"|(-?Infinity|NaN)\b/g;

/** The JSON object in a line, Python's bare NaN and Infinity as their words; undefined where there is none. */
export function parseLine(line: string): RawRecord | undefined {
  const value = parsed(line) ?? parsed(line.replace(/^\uFEFF/, '').replace(BARE, quoted));
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as RawRecord) : undefined;
}

const WORDS: Readonly<Record<string, string>> = { NaN: '"nan"', Infinity: '"inf"', '-Infinity': '"-inf"' };

function quoted(whole: string, bare?: string): string {
  return bare === undefined ? whole : (WORDS[bare] ?? whole);
}
