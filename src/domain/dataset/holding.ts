import { MEDIA, tagOf, type DataRecord, type Held, type Media, type MediaKey, type Message } from './dataset';

/** What a form cannot hold. All that it does not name it holds. */
export interface Limits {
  /** Roles it can hold; undefined: any. */
  readonly roles?: readonly string[];
  /** Only one turn. */
  readonly single?: true;
  /** Other keys of a message. */
  readonly bareMessages?: true;
  readonly response?: false;
  readonly plain?: false;
  readonly without?: readonly MediaKey[];
  readonly bytes?: false;
  /** Keys of a medium beyond path and bytes. */
  readonly bareMedia?: true;
  /** Columns that mean something else there. */
  readonly taken: readonly string[];
}

/** The record without what the limits exclude; each loss in words. */
export function holdWithin(record: DataRecord, limits: Limits): Held {
  if (fits(record, limits)) return { record, lost: NOTHING };
  const lost: string[] = [];
  const steps = [heldMessages, heldMedia, heldRest];
  const held = steps.reduce((now, step) => step(now, limits, lost), record);
  return { record: held, lost };
}

const NOTHING: readonly string[] = [];

/** Whether nothing of a record is beyond the limits, as of nearly all records. */
function fits(record: DataRecord, limits: Limits): boolean {
  const { messages, columns, plain, response } = record;
  if ((plain && limits.plain === false) || (response !== undefined && limits.response === false)) return false;
  if (limits.single && messages.length !== 1) return false;
  for (const { role, more } of messages)
    if ((limits.roles && !limits.roles.includes(role)) || (more && limits.bareMessages)) return false;
  for (const key of MEDIA) {
    if (record[key].length > 0 && limits.without?.includes(key)) return false;
    for (const { path, bytes, more } of record[key])
      if ((bytes && limits.bytes === false) || (more && limits.bareMedia) || (!bytes && path === undefined))
        return false;
  }
  return !limits.taken.some((key) => key in columns);
}

type Step = (record: DataRecord, limits: Limits, lost: string[]) => DataRecord;

const heldMessages: Step = (record, { roles, single, bareMessages }, lost) => {
  let messages = record.messages;
  for (const role of new Set(messages.map((message) => message.role))) {
    if (!roles || roles.includes(role)) continue;
    lost.push(`messages of the role “${role}”`);
    messages = messages.filter((message) => message.role !== role);
  }
  if (single && messages.length !== 1) {
    if (messages.length > 1) lost.push('all turns but the last');
    messages = [messages.at(-1) ?? { role: 'user', content: '' }];
  }
  if (bareMessages && messages.some(({ more }) => more)) {
    for (const key of new Set(messages.flatMap(({ more }) => Object.keys(more ?? {}))))
      lost.push(`“${key}” of messages`);
    messages = messages.map(({ role, content }): Message => ({ role, content }));
  }
  return { ...record, messages };
};

const heldMedia: Step = (record, limits, lost) => {
  let held = record;
  for (const key of MEDIA) {
    if (held[key].length === 0) continue;
    if (limits.without?.includes(key)) {
      lost.push(key);
      held = withoutTags({ ...held, [key]: [] }, key);
    } else {
      held = { ...held, [key]: held[key].map((medium) => heldMedium(medium, key, limits, lost)) };
      held = { ...held, [key]: held[key].filter(({ path, bytes: kept }) => path !== undefined || kept !== undefined) };
    }
  }
  return held;
};

function heldMedium(medium: Media, key: MediaKey, { bytes, bareMedia }: Limits, lost: string[]): Media {
  const { path, bytes: content, more } = medium;
  if (more && bareMedia) for (const name of Object.keys(more)) add(lost, `“${name}” of ${key}`);
  if (content && bytes === false) add(lost, `${key} by their bytes`);
  return {
    ...(path === undefined ? {} : { path }),
    ...(content === undefined || bytes === false ? {} : { bytes: content }),
    ...(more === undefined || bareMedia ? {} : { more }),
  };
}

function withoutTags(record: DataRecord, key: MediaKey): DataRecord {
  const messages = record.messages.map((message) => ({
    ...message,
    content: message.content.split(tagOf(key)).join(''),
  }));
  return { ...record, messages };
}

const heldRest: Step = (record, { response, plain, taken }, lost) => {
  const { plain: bare, response: answer, ...rest } = record;
  if (bare && plain === false) lost.push('that the prompt is bare text without a chat template');
  if (answer !== undefined && response === false) lost.push('the written answer');
  const gone = Object.keys(record.columns).filter((key) => taken.includes(key));
  for (const key of gone) lost.push(`the column “${key}”, whose name means something else there`);
  const columns = Object.fromEntries(Object.entries(record.columns).filter(([key]) => !gone.includes(key)));
  return {
    ...rest,
    columns: gone.length > 0 ? columns : record.columns,
    ...(bare && plain !== false ? { plain: bare } : {}),
    ...(answer !== undefined && response !== false ? { response: answer } : {}),
  };
};

function add(lost: string[], what: string): void {
  if (!lost.includes(what)) lost.push(what);
}
