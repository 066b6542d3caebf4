import { textOf, type RawRecord } from './rollout';

/** What stands around the user's text in a rendered prompt: `user\n` and `\nassistant\n`. */
interface Frame {
  readonly before: string;
  readonly after: string;
}

/** Prompts that fit no known frame are compared with every record, at most so often. */
const MOST_LEARNED = 40;

/**
 * Finds the records of a data set for a prompt as the trainer rendered it. Rendered text differs from the record's
 * messages by the chat template with its special tokens taken out; the frame around the last message is learned from
 * the first prompts that contain one, so no template has to be known.
 */
export class PromptJoin {
  readonly #byText = new Map<string, RawRecord[]>();
  readonly #frames: Frame[] = [];
  readonly #found = new Map<string, readonly RawRecord[]>();
  #learned = 0;
  /** Column names of the data set, prompts left out. */
  readonly columns: readonly string[];
  /** The data set's prompts are lists of messages, so rewards get messages too. */
  readonly conversational: boolean;

  constructor(records: readonly RawRecord[]) {
    const columns = new Set<string>();
    for (const record of records) {
      for (const key of keysOf(record)) this.#keep(key, record);
      Object.keys(record).forEach((column) => columns.add(column));
    }
    for (const key of PROMPTS) columns.delete(key);
    this.columns = [...columns];
    this.conversational = records.length > 0 && records.every((record) => Array.isArray(promptOf(record)));
  }

  #keep(key: string, record: RawRecord): void {
    const same = this.#byText.get(key);
    if (!same) this.#byText.set(key, [record]);
    else if (same.at(-1) !== record) same.push(record);
  }

  /** Every record with this prompt, in the data set's order; none where it has no such prompt. */
  find(prompt: string): readonly RawRecord[] {
    const known = this.#found.get(prompt);
    if (known) return known;
    const records = this.#byText.get(prompt) ?? this.#framed(prompt) ?? this.#learn(prompt) ?? [];
    this.#found.set(prompt, records);
    return records;
  }

  #framed(prompt: string): readonly RawRecord[] | undefined {
    for (const { before, after } of this.#frames) {
      if (!prompt.startsWith(before) || !prompt.endsWith(after)) continue;
      const records = this.#byText.get(prompt.slice(before.length, prompt.length - after.length));
      if (records) return records;
    }
    return undefined;
  }

  #learn(prompt: string): readonly RawRecord[] | undefined {
    if (this.#learned++ >= MOST_LEARNED) return undefined;
    let longest = '';
    for (const key of this.#byText.keys()) if (key.length > longest.length && prompt.includes(key)) longest = key;
    if (longest === '') return undefined;
    const at = prompt.lastIndexOf(longest);
    const frame = { before: prompt.slice(0, at), after: prompt.slice(at + longest.length) };
    if (!isFrame(frame)) return undefined;
    this.#frames.push(frame);
    return this.#byText.get(longest);
  }
}

/** A frame ends where a line or a sentence begins, so that "2 + 2" is not found inside "12 + 21". */
function isFrame({ before, after }: Frame): boolean {
  return !/[\p{L}\p{N}]$/u.test(before) && !/^[\p{L}\p{N}]/u.test(after.replace(/^(assistant|model)\b/, ''));
}

const PROMPTS = ['prompt', 'messages', 'query', 'question', 'problem', 'input'];

function promptOf(record: RawRecord): unknown {
  const key = PROMPTS.find((name) => record[name] !== undefined);
  return key === undefined ? undefined : record[key];
}

/** Texts by which a record may be found: the prompt itself, its turns as ChatML leaves them, its last user turn. */
function keysOf(record: RawRecord): string[] {
  const prompt = promptOf(record);
  if (!Array.isArray(prompt)) return prompt === undefined ? [] : [textOf(prompt)];
  const turns = prompt.filter((turn): turn is Turn => typeof turn === 'object' && turn !== null);
  const asked = turns.at(-1)?.role === 'assistant' ? turns.slice(0, -1) : turns;
  const last = asked.findLast((turn) => turn.role === 'user');
  const chat = asked.map((turn) => `${String(turn.role)}\n${contentOf(turn)}\n`).join('') + 'assistant\n';
  return last ? [chat, contentOf(last)] : [chat];
}

interface Turn {
  readonly role?: unknown;
  readonly content?: unknown;
}

/** The text parts of a message; pictures leave none in a prompt whose special tokens were taken out. */
function contentOf({ content }: Turn): string {
  if (!Array.isArray(content)) return textOf(content);
  return content.map((part: RawRecord) => (typeof part.text === 'string' ? part.text : '')).join('');
}

/** The value on which all records agree; undefined where they differ or there is none. */
export function agreed(records: readonly RawRecord[], column: string): unknown {
  const first = records[0]?.[column];
  const text = JSON.stringify(first);
  return records.every((record) => JSON.stringify(record[column]) === text) ? first : undefined;
}
