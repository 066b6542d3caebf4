import { MEDIA, type DataRecord, type Media } from './dataset';
import type { Seeing } from '../frameworks/seeing';
import {
  filmTokens,
  frameNumbers,
  imageTokens,
  sampledFrames,
  type Film,
  type Sampling,
  type Size,
  type Tiled,
  type Vision,
} from './vision';
import { cutPieces } from './cut';
import { kindOf, piecesOf, rendered, type ChatFiles, type Overlong, type SeenPiece } from './seen';

/** Text ↔ tokens by a model's own tokenizer. */
export interface Tokens {
  encode(text: string): readonly number[];
  decode(ids: readonly number[]): string;
}

/** What is known of a model from its files; what is missing cannot be told of its prompts. */
export interface ModelKnown {
  readonly chat?: ChatFiles;
  readonly vision?: Vision;
  readonly tokens?: Tokens;
  /** What is missing, and what would make it known. */
  readonly missing: readonly string[];
  /** In what Python may render the chat differently. */
  readonly differs?: readonly string[];
}

/** What was found of a medium's file: a size, a film, or a sentence on why nothing. */
export type Looked = Size | Film | string;

export interface SeenMedium {
  readonly kind: SeenPiece['kind'];
  readonly label: string;
  /** As its file has it, and as the model is given it. */
  readonly size?: Size;
  readonly shown?: Size;
  readonly tokens?: number;
  /** Frames that are shown, and out of how many. */
  readonly frames?: readonly number[];
  readonly of?: number;
  readonly why?: string;
}

/** A record as the model is given it. */
export interface Seen {
  readonly pieces: readonly SeenPiece[];
  /** In all, before anything is cut; undefined where it cannot be known. */
  readonly tokens?: number;
  readonly media: readonly SeenMedium[];
  /** Where the prompt is too long: by how many tokens, and what becomes of it. */
  readonly overlong?: Overlong & { readonly over: number };
  readonly notes: readonly string[];
}

/** What the model sees of a record; `looked` are its media in their order, images before videos before audios. */
export function view(record: DataRecord, model: ModelKnown, seeing: Seeing, looked: readonly Looked[]): Seen {
  const media = mediaOf(record, model.vision, seeing, looked);
  const asked = withSystem(record, seeing.system);
  const text = model.chat ? rendered(asked, model.chat) : { why: 'There is no chat template to render it with.' };
  if ('why' in text) return { pieces: [], media, notes: [text.why, ...model.missing] };
  const pieces = withTokens(piecesOf(text.text, model.vision?.pad ?? {}), media, model.tokens);
  const all = pieces.map(({ tokens }) => tokens);
  const strayed = MEDIA.some((key) => record[key].length !== pieces.filter(({ kind }) => kind === kindOf(key)).length);
  const total =
    strayed || all.includes(undefined) ? undefined : all.reduce((sum: number, count) => sum + (count ?? 0), 0);
  const notes = [
    ...(strayed ? ['Its media are not all found in the rendered text, so its tokens cannot be counted.'] : []),
    ...stampNote(record, model.vision),
    ...model.missing,
    ...(model.differs ?? []),
    ...seeing.notes,
  ];
  const overlong = seeing.overlong(media.length > 0);
  const over = total === undefined || overlong.limit === undefined ? 0 : total - overlong.limit;
  const base = { pieces, media, notes, ...(total === undefined ? {} : { tokens: total }) };
  if (over <= 0) return base;
  return { ...base, pieces: cutPieces(pieces, overlong, over, model.tokens), overlong: { ...overlong, over } };
}

function withSystem(record: DataRecord, system: string | undefined): DataRecord {
  if (system === undefined || record.plain || record.messages[0]?.role === 'system') return record;
  return { ...record, messages: [{ role: 'system', content: system }, ...record.messages] };
}

/** Text by the tokenizer, media by their size. */
function withTokens(pieces: readonly SeenPiece[], media: readonly SeenMedium[], tokens?: Tokens): SeenPiece[] {
  const left = [...media];
  return pieces.map((piece) => {
    if (piece.kind === 'text') return tokens ? { ...piece, tokens: tokens.encode(piece.text).length } : piece;
    const at = left.findIndex(({ kind }) => kind === piece.kind);
    const [own] = at < 0 ? [] : left.splice(at, 1);
    return own?.tokens === undefined ? piece : { ...piece, tokens: own.tokens };
  });
}

function stampNote(record: DataRecord, vision: Vision | undefined): readonly string[] {
  const stamped = record.videos.length > 0 && vision?.stamps;
  return stamped ? ['The time stamps that the processor writes before each pair of frames are not counted.'] : [];
}

function mediaOf(
  record: DataRecord,
  vision: Vision | undefined,
  seeing: Seeing,
  looked: readonly Looked[],
): SeenMedium[] {
  const all = MEDIA.flatMap((key) => record[key].map((medium) => ({ kind: kindOf(key), medium })));
  return all.map(({ kind, medium }, at) => {
    const found = looked[at] ?? 'It was not looked at.';
    const label = medium.path ?? `${medium.bytes?.byteLength ?? 0} bytes`;
    if (kind === 'image') return { kind, label, ...pictureSeen(found, medium, vision, seeing) };
    if (kind === 'video') return { kind, label, ...filmSeen(found, samplingOf(medium, record, seeing), vision) };
    return { kind, label, why: 'How many tokens a sound becomes is not known here.' };
  });
}

const UNKNOWN = 'The model’s image processor is not known here, so its tokens cannot be counted.';

function pictureSeen(
  found: Looked,
  medium: Media,
  vision: Vision | undefined,
  seeing: Seeing,
): Omit<SeenMedium, 'kind' | 'label'> {
  if (typeof found === 'string') return { why: found };
  if (!('width' in found)) return { why: 'It is no picture.' };
  if (!vision) return { size: found, why: UNKNOWN };
  const own = { minPixels: numberIn(medium.more, 'min_pixels'), maxPixels: numberIn(medium.more, 'max_pixels') };
  const limits = {
    ...vision,
    ...seeing.pixels,
    ...(own.minPixels && { minPixels: own.minPixels }),
    ...(own.maxPixels && { maxPixels: own.maxPixels }),
  };
  const before = seeing.picture?.(found, vision.patch * vision.merge) ?? found;
  const tiled = typeof before === 'string' ? before : imageTokens(before, limits);
  return typeof tiled === 'string' ? { size: found, why: tiled } : { size: found, ...shown(tiled) };
}

function shown({ size, tokens }: Tiled): Pick<SeenMedium, 'shown' | 'tokens'> {
  return { shown: size, tokens };
}

function filmSeen(
  found: Looked,
  sampling: Sampling & { readonly frames?: number },
  vision: Vision | undefined,
): Omit<SeenMedium, 'kind' | 'label'> {
  const film = typeof found !== 'string' && 'frames' in found ? found : undefined;
  const frames = film?.frames ?? sampling.frames;
  if (frames === undefined) return { why: typeof found === 'string' ? found : 'How many frames it has is not known.' };
  const count =
    sampling.frames === undefined ? sampledFrames({ ...film, frames }, sampling) : within(sampling.frames, sampling);
  if (typeof count === 'string') return { of: frames, why: count };
  const taken = { frames: frameNumbers(frames, count), of: frames };
  const size = film?.size;
  if (!size) return { ...taken, why: 'Its width and height are not known, so its tokens cannot be counted.' };
  if (!vision) return { size, ...taken, why: UNKNOWN };
  const tiled = filmTokens(size, count, vision, sampling);
  return typeof tiled === 'string' ? { size, ...taken, why: tiled } : { size, ...taken, ...shown(tiled) };
}

/** Frames that a record has counted itself: all of them, within its limits, and an even number. */
function within(frames: number, { minFrames = 2, maxFrames = 768 }: Sampling): number {
  const count = Math.min(Math.max(frames, minFrames), maxFrames);
  return Math.max(2, count - (count % 2));
}

/** The record's own word before the configuration's: keys of the film, then its `meta` (`frame_cnts` of its parts). */
function samplingOf(medium: Media, record: DataRecord, seeing: Seeing): Sampling & { readonly frames?: number } {
  const meta = record.columns['meta'];
  const said = { ...(typeof meta === 'object' ? meta : {}), ...medium.more };
  const counts: unknown = (said as { frame_cnts?: unknown }).frame_cnts;
  const own = {
    fps: numberIn(said, 'fps'),
    nframes: numberIn(said, 'nframes'),
    minFrames: numberIn(said, 'min_frames'),
    maxFrames: numberIn(said, 'max_frames'),
    minPixels: numberIn(said, 'min_pixels'),
    maxPixels: numberIn(said, 'max_pixels'),
    frames: Array.isArray(counts) ? counts.reduce((sum: number, one) => sum + Number(one), 0) : undefined,
  };
  const given = Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));
  return { ...seeing.sampling, ...given };
}

function numberIn(record: Readonly<Record<string, unknown>> | undefined, key: string): number | undefined {
  const value = record?.[key];
  return typeof value === 'number' && value > 0 ? value : undefined;
}
