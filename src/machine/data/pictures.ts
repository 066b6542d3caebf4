import * as v from 'valibot';
import type { DataRecord } from '../../domain/dataset/dataset';
import { Problem } from '../../domain/problem';
import { bundle } from '../chores/bundle';
import type { RunsProgram } from '../config/installed';
import { parseLine } from '../rollouts/json';
import { pathThere, type Brought } from './brought';
import { dataUrl, type Sources } from './paged';

/** Pictures as a machine tells of them, by path: base 64, or why it is not shown. */
export const toldPictures = v.record(
  v.string(),
  v.union([v.object({ data: v.string() }), v.object({ why: v.string() })]),
);
export type ToldPictures = v.InferOutput<typeof toldPictures>;

/** Bytes of a picture that comes over a connection as it is, where it cannot be made smaller. */
export const MOST_FAR = 1 << 19;

/** Pictures of another machine, made small there. `home`: our own folder `python`. */
export async function farPictures(runs: RunsProgram, home: string, paths: readonly string[]): Promise<ToldPictures> {
  if (paths.length === 0) return {};
  const program = await bundle(home, ['choring', 'preparing/pictures', 'show_pictures']);
  const text = await runs(program, JSON.stringify({ paths, most: MOST_FAR }));
  const told = v.safeParse(toldPictures, parseLine(text.trim().split('\n').at(-1) ?? ''));
  if (told.success) return told.output;
  throw new Problem({ code: 'refused', message: 'The pictures could not be read there.', detail: text.slice(0, 1000) });
}

/** What a page shows in the place of a path. */
export function pictureSource(found: ToldPictures[string] | undefined): ReturnType<Sources> {
  if (found === undefined) return { source: null };
  return 'why' in found ? { source: null, ...found } : { source: dataUrl(Buffer.from(found.data, 'base64')) };
}

/** Pictures of records that another host has, asked for together. Errors: those of the connection. */
export async function farSources(far: FarMedia, home: string, records: readonly DataRecord[]): Promise<Sources> {
  const full = (path: string): string => pathThere(far.mediaFolder, path);
  const named = records.flatMap(({ images }) => images.flatMap(({ path }) => path ?? []));
  const own = named.filter((path) => !/^[a-z]{2,}:/i.test(path)).map(full);
  const told = await farPictures(far.runs, home, [...new Set(own)]);
  return (path) => pictureSource(told[full(path)]);
}

type FarMedia = Pick<Brought, 'mediaFolder' | 'runs'>;
