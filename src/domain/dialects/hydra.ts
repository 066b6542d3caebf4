import type { Value } from '../config/parameter';

/** Reads one value of Hydra's override grammar: numbers, booleans, null, quoted and bare text, lists, mappings. */
export function hydraValue(text: string): Value {
  if (!STRUCTURED.test(text)) return scalar(text.trim());
  const reader = new Reader(text);
  const value = reader.value('');
  return reader.done ? value : text;
}

/** Lists, mappings and quoted texts; everything else is one bare word. */
const STRUCTURED = /^\s*[[{"']/;
/** The first letter of nothing that is typed: no number, no `null`, `true`, `false`, `inf` or `nan`. */
const PLAIN = /^[^-+.\d~ntfi]/i;
const NULL = /^(null|~)$/i;

class Reader {
  #at = 0;

  constructor(private readonly text: string) {}

  get done(): boolean {
    this.blank();
    return this.#at >= this.text.length;
  }

  private blank(): void {
    while (/\s/.test(this.text.charAt(this.#at))) this.#at++;
  }

  value(stops: string): Value {
    this.blank();
    const char = this.text.charAt(this.#at);
    if (char === '[') return this.list();
    if (char === '{') return this.mapping();
    if (char === '"' || char === "'") return this.quoted(char);
    return this.bare(stops);
  }

  private list(): Value[] {
    const items: Value[] = [];
    this.#at++;
    for (this.blank(); this.#at < this.text.length && this.text.charAt(this.#at) !== ']'; this.blank()) {
      const from = this.#at;
      items.push(this.value(',]'));
      this.blank();
      if (this.text.charAt(this.#at) === ',') this.#at++;
      else if (this.#at === from) this.#at++;
    }
    this.#at++;
    return items;
  }

  private mapping(): Value {
    const entries: [string, Value][] = [];
    this.#at++;
    for (this.blank(); this.#at < this.text.length && this.text.charAt(this.#at) !== '}'; this.blank()) {
      const from = this.#at;
      const key = this.value(':,}');
      this.blank();
      if (this.text.charAt(this.#at) === ':') this.#at++;
      entries.push([String(key), this.value(',}')]);
      this.blank();
      if (this.text.charAt(this.#at) === ',') this.#at++;
      else if (this.#at === from) this.#at++;
    }
    this.#at++;
    return Object.fromEntries(entries);
  }

  private quoted(quote: string): string {
    let text = '';
    for (this.#at++; this.#at < this.text.length; this.#at++) {
      const char = this.text.charAt(this.#at);
      if (char === quote) break;
      if (char === '\\' && this.text.charAt(this.#at + 1) === quote) this.#at++;
      text += this.text.charAt(this.#at);
    }
    this.#at++;
    return text;
  }

  /** Up to a stop outside `${…}`. */
  private bare(stops: string): Value {
    const from = this.#at;
    let depth = 0;
    for (; this.#at < this.text.length; this.#at++) {
      const char = this.text.charAt(this.#at);
      if (char === '{') depth++;
      else if (char === '}' && depth > 0) depth--;
      else if (depth === 0 && stops.includes(char)) break;
    }
    return scalar(this.text.slice(from, this.#at).trim());
  }
}

/** A bare word as Hydra and OmegaConf type it: `1e-6` is a number here, unlike in YAML 1.1. */
function scalar(text: string): Value {
  if (PLAIN.test(text)) return text;
  if (NULL.test(text)) return null;
  if (/^true$/i.test(text)) return true;
  if (/^false$/i.test(text)) return false;
  if (/^[-+]?\d[\d_]*$/.test(text)) return Number(text.replaceAll('_', ''));
  if (/^[-+]?(\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(e[-+]?\d+)?$/i.test(text)) return Number(text.replaceAll('_', ''));
  if (/^[-+]?inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return /^nan$/i.test(text) ? NaN : text;
}
