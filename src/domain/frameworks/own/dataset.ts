import type { DataForm, DataRecord, Held, Message } from '../../dataset/dataset';
import { holdWithin } from '../../dataset/holding';
import { asRecord, columnsBesides, MEDIA_NAMES, mediaOf } from '../../dataset/reading';
import { given } from '../../dataset/writing';
import type { RawRecord } from '../../rollouts/rollout';

const OWN = ['conversations', ...MEDIA_NAMES];
const ROLES: Readonly<Record<string, string>> = {
  human: 'user',
  user: 'user',
  gpt: 'assistant',
  assistant: 'assistant',
};

/** `conversations` of `human` and `gpt`, one image or film by path, the last answer being the truth (the form of
 * Qwen2.5-VL's fine-tuning code, qwen-vl-finetune/qwenvl/data). */
export const ownDataset: DataForm = {
  id: 'own',
  name: 'Qwen-VL conversations',
  looksInto: OWN,
  isIn: (record) => Array.isArray(record['conversations']),
  read: (record) => {
    const turns = turnsOf(record['conversations']);
    if (typeof turns === 'string') return turns;
    const media = mediaOf(record);
    if (typeof media === 'string') return media;
    const last = turns.at(-1);
    const answered = last?.role === 'assistant';
    return {
      messages: answered ? turns.slice(0, -1) : turns,
      ...(answered ? { solution: last.content } : {}),
      ...media,
      columns: columnsBesides(record, OWN),
    };
  },
  hold: (record) => withTextSolution(record),
  write: (record) => {
    const turns = record.messages.map(({ role, content }) => ({
      from: role === 'user' ? 'human' : 'gpt',
      value: content,
    }));
    const answer = record.solution === undefined ? [] : [{ from: 'gpt', value: record.solution }];
    return {
      ...record.columns,
      conversations: [...turns, ...answer],
      ...medium('image', record.images),
      ...medium('video', record.videos),
    };
  },
  stumbles: () => [],
};

/** Its only place for a truth is the last answer: text, and after a question. */
function withTextSolution(record: DataRecord): Held {
  const held = holdWithin(record, {
    taken: OWN,
    roles: ['user', 'assistant'],
    bareMessages: true,
    plain: false,
    response: false,
    without: ['audios'],
    bytes: false,
    bareMedia: true,
  });
  const { solution, ...rest } = held.record;
  if (solution === undefined) return openEnded(held);
  if (typeof solution === 'string') return held;
  return {
    record: { ...rest, solution: JSON.stringify(solution) },
    lost: [...held.lost, 'that the solution is no text (it is written as JSON)'],
  };
}

/** Without a truth, an answer at the end would be taken for one. */
function openEnded(held: Held): Held {
  const messages = [...held.record.messages];
  while (messages.at(-1)?.role === 'assistant') messages.pop();
  if (messages.length === held.record.messages.length) return held;
  return { record: { ...held.record, messages }, lost: [...held.lost, 'answers at the end of the prompt'] };
}

function turnsOf(value: unknown): readonly Message[] | string {
  if (!Array.isArray(value)) return '“conversations” is no list.';
  const turns: Message[] = [];
  for (const [index, item] of value.entries()) {
    const { from, value: content } = asRecord(item) ?? {};
    const role = ROLES[String(from)];
    if (role === undefined) return `Turn ${index + 1} of “conversations” is from “${String(from)}”, not human or gpt.`;
    if (typeof content !== 'string') return `Turn ${index + 1} of “conversations” has no text as “value”.`;
    turns.push({ role, content });
  }
  return turns;
}

function medium(key: string, media: DataRecord['images']): RawRecord {
  const paths = media.map(({ path }) => path);
  return given(key, paths.length === 0 ? undefined : paths.length === 1 ? paths[0] : paths);
}
