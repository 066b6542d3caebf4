import type { Disk } from '../disk';

const CHUNK = 1 << 20;

/** A file that is read as it grows: every byte once, from where the last look ended. */
export class Growing {
  #offset = 0;
  #file: string | undefined;

  constructor(
    private readonly disk: Disk,
    readonly path: string,
  ) {}

  /** Hands the new bytes to `take`, at most 1 MiB at a time; `restart` is called when the file was cut or replaced. */
  async refresh(take: (bytes: Uint8Array) => void, restart: () => void): Promise<boolean> {
    for (let grown = false; ; grown = true) {
      const { bytes, size, file } = await this.disk.read(this.path, this.#offset, CHUNK);
      if (size < this.#offset || (this.#file !== undefined && file !== this.#file && file !== '')) {
        this.#offset = 0;
        this.#file = file;
        restart();
        continue;
      }
      this.#file = file === '' ? this.#file : file;
      if (bytes.length === 0) return grown;
      this.#offset += bytes.length;
      take(bytes);
      if (this.#offset >= size) return true;
    }
  }
}

/** A whole file as text; empty if it is not there. */
export async function wholeText(disk: Disk, path: string): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for (let offset = 0; ;) {
    const { bytes, size } = await disk.read(path, offset, CHUNK);
    text += decoder.decode(bytes, { stream: true });
    offset += bytes.length;
    if (bytes.length === 0 || offset >= size) return text;
  }
}
