import { LogReader } from '../../domain/frameworks/logs';
import { phaseStarts, type Phase } from '../../domain/runs/phase';
import type { Disk } from '../disk';
import { Growing } from './growing';

/** A phase before the first step: when it began, in seconds since the start, and what it took if it is over. */
export interface PhaseSpan {
  readonly phase: Phase;
  readonly began: number;
  readonly took?: number;
}

/** Characters of a log in which the start is looked for. */
const MOST = 400_000;

/** How an attempt came to its first step: its log, and the notes beside it of how many bytes the log had when. */
export class Startup {
  readonly #log: Growing;
  readonly #notes: Growing;
  readonly #times: { readonly at: number; readonly bytes: number }[] = [];
  #decoder = new TextDecoder();
  #text = '';
  #noted = '';

  /** `folder`: that of the attempt. */
  constructor(disk: Disk, folder: string) {
    this.#log = new Growing(disk, `${folder}/log.txt`);
    this.#notes = new Growing(disk, `${folder}/grown.csv`);
  }

  /** Reads what is new, as far as the beginning goes. */
  async refresh(): Promise<void> {
    if (this.#text.length < MOST)
      await this.#log.refresh(
        (bytes) => (this.#text = (this.#text + this.#decoder.decode(bytes, { stream: true })).slice(0, MOST)),
        () => ([this.#text, this.#decoder] = ['', new TextDecoder()]),
      );
    await this.#notes.refresh(
      (bytes) => this.#note(new TextDecoder().decode(bytes)),
      () => {
        this.#times.splice(0);
        this.#noted = '';
      },
    );
  }

  /** What was gone through so far; without notes of times there is nothing to tell. */
  get spans(): readonly PhaseSpan[] {
    const [start] = this.#times;
    if (!start) return [];
    const first = firstPoint(this.#text);
    const before = first === undefined ? this.#text : this.#text.slice(0, first);
    const began = phaseStarts(before).map(({ phase, at }) => ({ phase, began: this.#when(at) - start.at }));
    const end = first === undefined ? undefined : this.#when(first) - start.at;
    return began.map(({ phase, began: from }, at) => {
      const until = began[at + 1]?.began ?? end;
      return { phase, began: from, ...(until === undefined ? {} : { took: until - from }) };
    });
  }

  #note(text: string): void {
    const lines = (this.#noted + text).split('\n');
    this.#noted = lines.pop() ?? '';
    for (const line of lines) {
      const [at = NaN, bytes = NaN] = line.split(',').map(Number);
      if (Number.isFinite(at) && Number.isFinite(bytes)) this.#times.push({ at, bytes });
    }
  }

  /** When the log first held that character, in unix seconds. */
  #when(character: number): number {
    const bytes = Buffer.byteLength(this.#text.slice(0, character));
    return (this.#times.find((noted) => noted.bytes > bytes) ?? this.#times.at(-1))?.at ?? NaN;
  }
}

/** Where the line of the first metrics ends; undefined while there is none. */
function firstPoint(text: string): number | undefined {
  const reader = new LogReader();
  for (let start = 0, end = text.indexOf('\n'); end >= 0; start = end + 1, end = text.indexOf('\n', start)) {
    const line = text.slice(start, end);
    if (reader.read(line).length > 0 || reader.rest('').length > 0) return start;
  }
  return undefined;
}

/** What a start usually takes, phase by phase: the medians of earlier ones. */
export function usualOf(earlier: readonly (readonly PhaseSpan[])[]): ReadonlyMap<Phase, number> {
  const took = new Map<Phase, number[]>();
  for (const span of earlier.flat())
    if (span.took !== undefined) took.set(span.phase, [...(took.get(span.phase) ?? []), span.took]);
  return new Map([...took].map(([phase, all]) => [phase, all.sort((a, b) => a - b)[all.length >> 1] ?? NaN]));
}
