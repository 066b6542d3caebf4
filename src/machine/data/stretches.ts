import { parquetGroups } from './parquetRecords';
import type { Stretch } from './convertJob';
import { fileChunks, kindOf, LONGEST, readRecords, tooLong, type Numbered } from './records';

/** Bytes of lines that are handled together, and become one row group: more of them are no faster, only larger. */
const TOGETHER = 2 << 20;
/** Records of a JSON list that are handled together. */
const RECORDS = 2000;

/** A data set in stretches, one after the other, none of them much larger than a few megabytes. Errors: those of reading it. */
export async function* stretches(file: string): AsyncGenerator<Stretch> {
  const kind = kindOf(file);
  if (kind === 'jsonl') return yield* lines(file);
  if (kind === 'parquet') {
    for (const [from, to] of await parquetGroups(file)) yield { kind: 'rows', file, from, to };
    return;
  }
  yield* elements(file);
}

/** Records of a JSON list; rows and lines of each stretch count from its own beginning. */
async function* elements(file: string): AsyncGenerator<Stretch> {
  let records: Numbered[] = [];
  let [rows, lines] = [0, 0];
  for await (const { row, line = 0, ...rest } of readRecords(file)) {
    records.push({ ...rest, row: row - rows, line: line - lines });
    if (records.length < RECORDS) continue;
    yield { kind: 'records', records };
    [records, rows, lines] = [[], row + 1, line];
  }
  if (records.length > 0) yield { kind: 'records', records };
}

/** Whole lines, the last one of a chunk being handed on to the next. */
async function* lines(file: string): AsyncGenerator<Stretch> {
  let held: Buffer[] = [];
  let [line, size] = [1, 0];
  for await (const chunk of fileChunks(file, TOGETHER)) {
    const end = chunk.lastIndexOf(10) + 1;
    if (end === 0) {
      held.push(chunk);
      size += chunk.length;
      if (size > LONGEST) throw tooLong(file, `line ${line}`);
      continue;
    }
    for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) line += 1;
    yield { kind: 'lines', bytes: joined([...held, chunk.subarray(0, end)]) };
    held = end < chunk.length ? [chunk.subarray(end)] : [];
    size = chunk.length - end;
  }
  if (held.length > 0) yield { kind: 'lines', bytes: joined(held) };
}

/** A copy with memory of its own, that can be handed to another thread. */
function joined(pieces: readonly Buffer[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
