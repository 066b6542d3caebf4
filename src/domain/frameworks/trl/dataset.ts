import { tagOf, tagsIn, withTags, type DataForm, type DataRecord, type Message } from '../../dataset/dataset';
import { holdWithin } from '../../dataset/holding';
import { columnsBesides, MEDIA_NAMES, mediaOf, messagesOf } from '../../dataset/reading';
import { given, writtenMedia, writtenMessage } from '../../dataset/writing';
import type { RawRecord } from '../../rollouts/rollout';

const OWN = ['prompt', 'completion', 'solution', ...MEDIA_NAMES];
const ROLES = ['system', 'user', 'assistant', 'tool'];

/** `prompt` as messages or bare text, and columns; images belong before the first user turn unless the content says
 * where they stand (prepare_multimodal_messages, trl/data_utils.py @ f2cd57710). */
export const trlDataset: DataForm = {
  id: 'trl',
  name: 'TRL prompt and columns',
  looksInto: ['prompt', 'completion', ...MEDIA_NAMES],
  isIn: (record) => record['prompt'] !== undefined,
  read: (record) => {
    const plain = typeof record['prompt'] === 'string';
    const messages = plain ? [{ role: 'user', content: record['prompt'] }] : messagesOf(record['prompt'], 'prompt');
    if (typeof messages === 'string') return messages;
    const media = mediaOf(record);
    if (typeof media === 'string') return media;
    const response = answerOf(record['completion']);
    const read: DataRecord = {
      messages: messages as readonly Message[],
      ...(plain ? { plain: true } : {}),
      ...(response === undefined ? {} : { response }),
      ...given('solution', record['solution']),
      ...media,
      columns: columnsBesides(record, response === undefined ? OWN.filter((key) => key !== 'completion') : OWN),
    };
    return tagsIn(read.messages, 'images') > 0 ? read : withTags(read, isUser);
  },
  hold: (record) => {
    const held = holdWithin(record, { taken: OWN, roles: ROLES, without: ['videos', 'audios'], bareMedia: true });
    const tagged = tagsIn(held.record.messages, 'images') > 0 ? held.record : withTags(held.record, isUser);
    return { record: tagged, lost: held.lost };
  },
  write: (record) => ({
    prompt: record.plain ? (record.messages[0]?.content ?? '') : writtenTurns(record),
    ...(record.response === undefined ? {} : { completion: writtenAnswer(record) }),
    ...writtenMedia(record),
    ...given('solution', record.solution),
    ...record.columns,
  }),
  stumbles: (record, { images, messages }) => {
    const turns = Array.isArray(record['prompt']) ? (record['prompt'] as RawRecord[]) : [];
    const literal = images.length > 0 && turns.some(({ content }) => String(content).includes(tagOf('images')));
    const strange = messages.find(({ role }) => !ROLES.includes(role));
    return [
      ...(literal ? ['To TRL “<image>” is plain text; it puts images before the first user message itself.'] : []),
      ...(strange ? [`TRL knows no role “${strange.role}”: only ${ROLES.join(', ')}.`] : []),
    ];
  },
};

const isUser = ({ role }: Message): boolean => role === 'user';

/** Texts as they are where the images stand where they are put anyway, else parts that say where. */
function writtenTurns(record: DataRecord): readonly RawRecord[] {
  const at = record.messages.findIndex(isUser);
  const tags = tagOf('images').repeat(record.images.length);
  const usual = record.images.length > 0 && record.messages[at]?.content.startsWith(tags);
  if (usual && tagsIn(record.messages, 'images') === record.images.length) {
    return record.messages.map((message, index) =>
      writtenMessage(index === at ? { ...message, content: message.content.slice(tags.length) } : message),
    );
  }
  if (record.images.length === 0) return record.messages.map(writtenMessage);
  return record.messages.map(({ role, content, more }) => ({ role, content: partsOf(content), ...more }));
}

function partsOf(content: string): readonly RawRecord[] {
  const texts = content.split(tagOf('images'));
  return texts.flatMap((text, index) => [
    ...(index > 0 ? [{ type: 'image' }] : []),
    ...(text === '' ? [] : [{ type: 'text', text }]),
  ]);
}

function answerOf(completion: unknown): string | undefined {
  if (typeof completion === 'string') return completion;
  const turns = Array.isArray(completion) ? messagesOf(completion, 'completion') : undefined;
  return Array.isArray(turns) && turns.length === 1 ? turns[0]?.content : undefined;
}

function writtenAnswer({ plain, response }: DataRecord): unknown {
  return plain ? response : [{ role: 'assistant', content: response }];
}
