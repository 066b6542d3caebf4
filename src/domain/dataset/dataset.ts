import type { FrameworkId } from '../frameworks/framework';
import type { RawRecord } from '../rollouts/rollout';

/** One turn of a prompt; media stand in its text as `<image>`, `<video>` and `<audio>`, in their order. */
export interface Message {
  readonly role: string;
  readonly content: string;
  /** Every other key of the message (`tool_calls`, `loss` …). */
  readonly more?: RawRecord;
}

/** A picture, film or sound: by path or URL, by its bytes, or both (then the path is only a name). */
export interface Media {
  readonly path?: string;
  readonly bytes?: Uint8Array;
  /** Every other key of its record (`max_pixels`, `fps` …). */
  readonly more?: RawRecord;
}

export const MEDIA = ['images', 'videos', 'audios'] as const;
export type MediaKey = (typeof MEDIA)[number];

/** One prompt of a data set with all that belongs to it, whatever form its file has. A null value is a missing one. */
export interface DataRecord extends Readonly<Record<MediaKey, readonly Media[]>> {
  /** The prompt; ends before the answer. */
  readonly messages: readonly Message[];
  /** The prompt is bare text to be continued: no chat template is put around it. */
  readonly plain?: true;
  /** An answer written out, as for fine-tuning; not what rewards compare with. */
  readonly response?: string;
  /** What rewards compare with. */
  readonly solution?: unknown;
  readonly columns: RawRecord;
}

/** As much of a record as a form can hold, and what is left behind or changed, in words. */
export interface Held {
  readonly record: DataRecord;
  readonly lost: readonly string[];
}

/** One way of writing records, as a framework wants them. `read(write(hold(r).record))` is `hold(r).record` again. */
export interface DataForm {
  readonly id: FrameworkId;
  /** For people: `ms-swift messages`. */
  readonly name: string;
  /** Columns whose texts or values this form looks into, when reading or holding; all others it passes on as they are. */
  readonly looksInto: readonly string[];
  /** Whether a record has this form; the first form that says so is taken. */
  isIn(record: RawRecord): boolean;
  /** The record, or one sentence on why it is none. */
  read(record: RawRecord): DataRecord | string;
  hold(record: DataRecord): Held;
  /** Only for a record that `hold` has given. */
  write(record: DataRecord): RawRecord;
  /** What this framework in particular would stumble over, one sentence each. */
  stumbles(record: RawRecord, read: DataRecord): readonly string[];
}

/** The tag that stands for one medium in a text. */
export function tagOf(key: MediaKey): string {
  return `<${key.slice(0, -1)}>`;
}

/** How often each tag stands in the messages. */
export function tagsIn(messages: readonly Message[], key: MediaKey): number {
  const tag = tagOf(key);
  let count = 0;
  for (const { content } of messages)
    for (let at = content.indexOf(tag); at >= 0; at = content.indexOf(tag, at + tag.length)) count += 1;
  return count;
}

/** Media that no tag of the text stands for, put before the first turn that `takes` them. */
export function withTags(record: DataRecord, takes: (message: Message) => boolean): DataRecord {
  let tags = '';
  for (const key of MEDIA) {
    const count = record[key].length;
    if (count > 0) tags += tagOf(key).repeat(Math.max(0, count - tagsIn(record.messages, key)));
  }
  if (tags === '') return record;
  const at = record.messages.findIndex(takes);
  if (at < 0) return record;
  const messages = record.messages.map((message, index) =>
    index === at ? { ...message, content: tags + message.content } : message,
  );
  return { ...record, messages };
}

/** The texts of all turns, one below the other. */
export function promptText({ messages }: DataRecord): string {
  return messages.map(({ content }) => content).join('\n');
}
