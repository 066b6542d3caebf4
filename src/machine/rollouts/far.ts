import { mkdirSync, openSync, closeSync } from 'node:fs';
import { appendFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Problem } from '../../domain/problem';
import type { Host } from '../hosts/host';
import type { Entry } from '../hosts/hostProtocol';
import { labelFolder, LABELS, type LabelFile } from '../table/labels';
import { temporaryFolder } from '../temporary';
import { FarLines } from './farLines';
import { byNumber, INNER, isRollouts } from './find';
import type { Shaped, Source } from './source';

const PIECE = 1 << 20;
/** Files of lines that are larger stay on the host; those that are copied all the same are not larger than this. */
const [BIG, MOST] = [4 << 20, 256 << 20];
/** Files that are fetched side by side. */
const ABREAST = 12;
/** What stands beside rollouts and is needed to read them. */
const DATASET = 'dataset.jsonl';
const BESIDE = /^(args\.json|dataset\.jsonl)$/;

/**
 * The rollouts of a run on a host: small files, and all parquet files, as copies in a folder of our own that follow
 * theirs; big files of lines stay where they are.
 */
export class FarRollouts {
  readonly #big = new Map<string, string>();
  readonly #sizes = new Map<string, number>();

  private constructor(
    readonly host: Host,
    private readonly path: string,
    /** The folder of our own; `root` goes with `remove`. */
    private readonly folders: { readonly root: string; readonly local: string },
  ) {}

  static async open(host: Host, path: string): Promise<FarRollouts> {
    const root = temporaryFolder();
    return new FarRollouts(host, path.replace(/\/+$/, ''), { root, local: join(root, 'above', 'runs', 'run') });
  }

  /** What stands in for the path here. */
  get local(): string {
    const { local } = this.folders;
    return isRollouts(basename(this.path)) ? join(local, basename(this.path)) : local;
  }

  /** Takes what is new on the host; `first`: only what the first page needs. */
  async refresh(first = false): Promise<void> {
    const { local } = this.folders;
    if (isRollouts(basename(this.path))) return this.#folder(dirname(this.path), local, [basename(this.path)]);
    const above = first ? this.#above() : undefined;
    const own = await this.#entries(this.path);
    const inner = own.find(({ name, folder }) => folder && INNER.includes(name))?.name;
    const far = inner === undefined ? this.path : `${this.path}/${inner}`;
    const entries = inner === undefined ? own : await this.#entries(far);
    const names = entries.filter(({ name, folder }) => !folder && isRollouts(name)).map(({ name }) => name);
    const beside = own.filter(({ name }) => BESIDE.test(name)).map(({ name }) => name);
    const chosen = first ? names.sort(byNumber).slice(0, 1) : names.sort(byNumber);
    const here = inner === undefined ? local : join(local, inner);
    await this.#folder(this.path, local, beside, own);
    await Promise.all([this.#folder(far, here, chosen, entries), above]);
  }

  /** The data set often lies one or two folders above, which may be large: they are not listed for it. */
  async #above(): Promise<void> {
    const near = dirname(this.path);
    const places: [string, string][] = [
      [`${near}/${DATASET}`, join(this.folders.root, 'above', 'runs')],
      [`${dirname(near)}/${DATASET}`, join(this.folders.root, 'above')],
    ];
    const sizes = await Promise.all(places.map(([path]) => this.#size(path)));
    const at = sizes.findIndex((size) => size > 0);
    const [path, local] = places[at] ?? [];
    if (path === undefined || local === undefined) return;
    mkdirSync(local, { recursive: true });
    await this.#copy(path, join(local, DATASET), sizes[at] ?? 0);
  }

  /** 0 where there is no such file, or none that may be read. */
  async #size(path: string): Promise<number> {
    try {
      return (await this.host.ask('read', { path, offset: 0, limit: 1 })).size;
    } catch (error) {
      // A lost connection ends what else is asked for meanwhile.
      if (error instanceof Problem) return 0;
      throw error;
    }
  }

  async #entries(path: string): Promise<readonly Entry[]> {
    return this.host.ask('entries', { path });
  }

  async #folder(far: string, local: string, names: readonly string[], known?: readonly Entry[]): Promise<void> {
    mkdirSync(local, { recursive: true });
    const entries = known ?? (await this.#entries(far));
    const wanted = names.flatMap((name) => entries.find((entry) => entry.name === name) ?? []);
    if (names.length === 1 && wanted.length === 0 && !known) throw missing(`${far}/${names[0]}`, this.host.name);
    for (let from = 0; from < wanted.length; from += ABREAST) {
      const each = wanted.slice(from, from + ABREAST).map((entry) => this.#file(far, local, entry));
      await Promise.all(each);
    }
  }

  async #file(far: string, local: string, { name, bytes }: Entry): Promise<void> {
    const [path, copy] = [`${far}/${name}`, join(local, name)];
    if (this.#big.has(copy) || this.#sizes.get(copy) === bytes) return;
    if (bytes > BIG && /\.(jsonl|ndjson)$/i.test(name) && !BESIDE.test(name)) {
      closeSync(openSync(copy, 'a'));
      this.#big.set(copy, path);
      return;
    }
    await this.#copy(path, copy, bytes);
  }

  /** Appends what is new; a file that became shorter, or is no file of lines, is copied whole. */
  async #copy(path: string, copy: string, bytes: number): Promise<void> {
    if (bytes > MOST) throw tooBig(path, this.host.name);
    const before = this.#sizes.get(copy) ?? 0;
    const from = bytes > before && /\.(jsonl|ndjson|log)$/i.test(copy) ? before : 0;
    const pieces = [];
    for (let offset = from; offset < bytes; offset += PIECE) {
      const { data } = await this.host.ask('read', { path, offset, limit: Math.min(PIECE, bytes - offset) });
      pieces.push(Buffer.from(data, 'base64'));
    }
    const text = Buffer.concat(pieces);
    if (from === 0) await rm(copy, { force: true }).then(() => writeFile(copy, text));
    else await appendFile(copy, text);
    this.#sizes.set(copy, from + text.length);
  }

  /** A file that stays on the host; undefined for every other. */
  async source(copy: string, shaped: Shaped): Promise<Source | undefined> {
    const path = this.#big.get(copy);
    if (path === undefined) return undefined;
    const lines = await FarLines.open({ host: this.host, path, file: copy, shaped });
    if (lines) return lines;
    const { size } = await stat(copy);
    const entries = await this.#entries(dirname(path));
    const bytes = entries.find(({ name }) => name === basename(path))?.bytes ?? 0;
    this.#sizes.set(copy, size);
    this.#big.delete(copy);
    await this.#copy(path, copy, bytes);
    return undefined;
  }

  /** Labels are kept beside the run on its host, as anyone who opens it there finds them. */
  get labels(): LabelFile {
    const folder = labelFolder(this.path);
    return {
      read: async () => {
        const { data } = await this.host.ask('read', { path: `${folder}/${LABELS}`, offset: 0 });
        return Buffer.from(data, 'base64').toString('utf8');
      },
      append: async (record) => void (await this.host.ask('label', { folder, record })),
    };
  }

  async remove(): Promise<void> {
    await rm(this.folders.root, { recursive: true, force: true });
  }
}

function missing(path: string, host: string): Problem {
  return new Problem({ code: 'missing', message: `There is no file ${path} on ${host}.` });
}

function tooBig(path: string, host: string): Problem {
  const message = `${path} on ${host} is larger than 256 MB and cannot be read a piece at a time: unpack it there, or write JSON lines with one completion each.`;
  return new Problem({ code: 'unsupported', message });
}
