/** Cuts a JSON list into its elements as its bytes come, without reading it whole. */
export class JsonArray {
  #depth = 0;
  #inText = false;
  #escaped = false;
  #begun: Buffer[] = [];
  #held = 0;
  #ended = false;
  #started = false;
  #wrong = false;
  /** 1-based line that is being read, and that the present element began on. */
  line = 1;
  #from = 1;

  constructor(private readonly longest: number) {}

  get tooLong(): boolean {
    return this.#held > this.longest;
  }

  /** A sentence, where the text so far is no whole list. */
  get unfinished(): string | undefined {
    if (this.#wrong || !this.#started) return 'it is no JSON list of records; JSON Lines end in .jsonl.';
    return this.#ended ? undefined : `it ends in the middle of a record (line ${this.line}).`;
  }

  /** Elements that end in this chunk. */
  *take(chunk: Buffer): Generator<{ readonly bytes: Buffer; readonly line: number }> {
    let from = 0;
    for (let at = 0; at < chunk.length && !this.#wrong && !this.#ended; at++) {
      const byte = chunk[at] ?? 0;
      if (byte === 10) this.line += 1;
      const separates = this.#depth === 1 && !this.#inText && (byte === COMMA || byte === CLOSE_LIST);
      if (separates) {
        const bytes = Buffer.concat([...this.#begun, chunk.subarray(from, at)]);
        if (bytes.toString('latin1').trim() !== '') yield { bytes, line: this.#from };
        [this.#begun, this.#held, from] = [[], 0, at + 1];
      }
      this.#step(byte);
      if (this.#depth === 1 && (separates || !this.#started)) from = at + 1;
      if (this.#depth === 1) this.#started = true;
      if (this.#depth === 2 && (byte === OPEN || byte === OPEN_LIST)) this.#from = this.line;
    }
    if (!this.#started || this.#ended) return;
    this.#begun.push(chunk.subarray(from));
    this.#held += chunk.length - from;
  }

  #step(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (this.#inText) {
      if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inText = false;
    } else if (byte === QUOTE) this.#inText = true;
    else if (byte === OPEN || byte === OPEN_LIST) this.#depth += 1;
    else if (byte === CLOSE || byte === CLOSE_LIST) this.#depth -= 1;
    if (this.#started && this.#depth === 0) this.#ended = true;
    if (!this.#started && (byte === OPEN || (byte > 32 && byte < 128 && this.#depth === 0))) this.#wrong = true;
  }
}

const [COMMA, QUOTE, BACKSLASH, OPEN, CLOSE, OPEN_LIST, CLOSE_LIST] = [44, 34, 92, 123, 125, 91, 93];
