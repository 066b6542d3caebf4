import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { RawRecord } from '../../domain/rollouts/rollout';
import { readRecords } from '../data/records';

const DATA = /\.(?:jsonl|parquet)$/;
const NO_DATA = /\.(?:expect|samples|playground)\.jsonl$|^samples\./;
const FOLDERS = ['', 'data', 'dataset', 'datasets'];

/** Files of data set rows near a Python file: in its folder and in `data` there and above, those with usual names first. */
export async function rowsNear(file: string): Promise<string[]> {
  const folder = dirname(file);
  const places = [folder, dirname(folder)].flatMap((place) => FOLDERS.map((name) => join(place, name)));
  const found = await Promise.all([...new Set(places)].map(dataIn));
  return found.flat();
}

async function dataIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  const data = names.filter((name) => DATA.test(name) && !NO_DATA.test(name));
  const usual = (name: string): number => (/^(?:dataset|train)/.test(name) ? 0 : 1);
  return data.sort((a, b) => usual(a) - usual(b) || a.localeCompare(b)).map((name) => join(folder, name));
}

export async function firstRecords(file: string, most: number): Promise<RawRecord[]> {
  const records: RawRecord[] = [];
  for await (const { record, row } of readRecords(file)) {
    if (row >= most) break;
    if (record) records.push(record);
  }
  return records;
}

/** One row of a data set; undefined behind its end, or where that line is no record. */
export async function rowOf(file: string, row: number): Promise<RawRecord | undefined> {
  for await (const numbered of readRecords(file)) if (numbered.row >= row) return numbered.record;
  return undefined;
}
