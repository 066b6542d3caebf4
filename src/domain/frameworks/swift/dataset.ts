import { withTags, type DataForm, type DataRecord } from '../../dataset/dataset';
import { holdWithin } from '../../dataset/holding';
import { asRecord, columnsBesides, MEDIA_NAMES, mediaOf, messagesOf } from '../../dataset/reading';
import { given, writtenMedia, writtenMessage } from '../../dataset/writing';

const OWN = ['messages', 'solution', ...MEDIA_NAMES];

/** `messages`, media and any column; missing tags are put before the first message (swift/template/base.py:1105 @ 3602360a5). */
export const swiftDataset: DataForm = {
  id: 'swift',
  name: 'ms-swift messages',
  looksInto: ['messages', ...MEDIA_NAMES],
  isIn: (record) => Array.isArray(record['messages']) && asRecord(record['messages'][0])?.['role'] !== undefined,
  read: (record) => {
    const turns = messagesOf(record['messages'], 'messages');
    if (typeof turns === 'string') return turns;
    const media = mediaOf(record);
    if (typeof media === 'string') return media;
    const last = turns.at(-1);
    const answered = last?.role === 'assistant' && last.more === undefined;
    const read: DataRecord = {
      messages: answered ? turns.slice(0, -1) : turns,
      ...(answered ? { response: last.content } : {}),
      ...given('solution', record['solution']),
      ...media,
      columns: columnsBesides(record, OWN),
    };
    return withTags(read, () => true);
  },
  hold: (record) => {
    const { record: held, lost } = holdWithin(record, { taken: OWN, plain: false, bareMedia: true });
    const last = held.messages.at(-1);
    const open = last?.role === 'assistant' && !last.more && held.response === undefined;
    if (!open) return { record: withTags(held, () => true), lost };
    const answered = { ...held, messages: held.messages.slice(0, -1), response: last.content };
    return {
      record: withTags(answered, () => true),
      lost: [...lost, 'that the answer at the end belongs to the prompt'],
    };
  },
  write: (record) => {
    const answer = record.response === undefined ? [] : [{ role: 'assistant', content: record.response }];
    return {
      messages: [...record.messages.map(writtenMessage), ...answer],
      ...writtenMedia(record),
      ...given('solution', record.solution),
      ...record.columns,
    };
  },
  stumbles: (record) =>
    record['solution'] === undefined && record['answer'] !== undefined
      ? ['ms-swift takes “answer” for a written answer, not as a column of rewards; call it “solution”.']
      : [],
};
