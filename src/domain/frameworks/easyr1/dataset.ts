import type { DataForm } from '../../dataset/dataset';
import { holdWithin } from '../../dataset/holding';
import { columnsBesides, MEDIA_NAMES, mediaOf } from '../../dataset/reading';
import { given, writtenMedia } from '../../dataset/writing';

const OWN = ['prompt', 'answer', ...MEDIA_NAMES];

/** `prompt` with tags, `answer`, `images` or `videos` (verl/utils/dataset.py:89 @ b44b311b6). */
export const easyr1Dataset: DataForm = {
  id: 'easyr1',
  name: 'EasyR1 prompt/answer/images',
  looksInto: ['prompt', ...MEDIA_NAMES],
  isIn: (record) => typeof record['prompt'] === 'string' && record['answer'] !== undefined,
  read: (record) => {
    if (typeof record['prompt'] !== 'string') return '“prompt” is no text.';
    const media = mediaOf(record);
    if (typeof media === 'string') return media;
    return {
      messages: [{ role: 'user', content: record['prompt'] }],
      ...given('solution', record['answer']),
      ...media,
      columns: columnsBesides(record, OWN),
    };
  },
  hold: (record) =>
    holdWithin(record, {
      taken: OWN,
      roles: ['user'],
      single: true,
      bareMessages: true,
      plain: false,
      response: false,
      without: ['audios'],
      bareMedia: true,
    }),
  write: (record) => ({
    prompt: record.messages[0]?.content ?? '',
    ...given('answer', record.solution),
    ...writtenMedia(record),
    ...record.columns,
  }),
  stumbles: (_, { images, videos }) => [
    ...(images.length > 0 && videos.length > 0 ? ['EasyR1 takes either images or videos, not both.'] : []),
    ...([...images, ...videos].some(({ path }) => /^https?:/.test(path ?? '')) ? ['EasyR1 reads no URLs.'] : []),
  ],
};
