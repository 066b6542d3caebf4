import { open } from 'node:fs/promises';

const CHUNK = 1 << 20;

/** A file that is read as it grows: every byte once, from where the last look ended. */
export class Growing {
  #offset = 0;

  constructor(readonly path: string) {}

  /** Hands the new bytes to `take`, at most 1 MiB at a time; `restart` is called before the bytes of a new start. */
  async refresh(take: (bytes: Uint8Array) => void, restart: () => void): Promise<boolean> {
    const file = await open(this.path, 'r');
    try {
      const { size } = await file.stat();
      if (size < this.#offset) {
        this.#offset = 0;
        restart();
      }
      if (size === this.#offset) return false;
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, size - this.#offset));
      while (this.#offset < size) {
        const { bytesRead } = await file.read(buffer, 0, buffer.length, this.#offset);
        if (bytesRead === 0) break;
        this.#offset += bytesRead;
        take(buffer.subarray(0, bytesRead));
      }
      return true;
    } finally {
      await file.close();
    }
  }
}
