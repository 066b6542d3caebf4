import { MEDIA, type DataForm, type DataRecord, type Media, type MediaKey } from '../../dataset/dataset';
import { holdWithin } from '../../dataset/holding';
import { asRecord, columnsBesides, MEDIA_NAMES, mediaOf, messagesOf } from '../../dataset/reading';
import { given, writtenMessage } from '../../dataset/writing';
import type { RawRecord } from '../../rollouts/rollout';

/** Columns that stand beside `extra_info`, not in it. */
const BESIDE = ['data_source', 'ability', 'agent_name', 'reward_model'];
const OWN = ['prompt', 'extra_info', 'reward_model', ...MEDIA_NAMES];

/** `prompt` messages, `data_source`, `reward_model.ground_truth`, `extra_info` (verl/utils/dataset/rl_dataset.py:303
 * @ 1dda039b9). What rewards are given beyond the truth stands in `extra_info`. */
export const verlDataset: DataForm = {
  id: 'verl',
  name: 'verl prompt, data_source and reward_model',
  looksInto: OWN,
  isIn: (record) =>
    Array.isArray(record['prompt']) &&
    (record['data_source'] !== undefined || asRecord(record['reward_model']) !== undefined),
  read: (record) => {
    const messages = messagesOf(record['prompt'], 'prompt');
    if (typeof messages === 'string') return messages;
    const media = mediaOf(record);
    if (typeof media === 'string') return media;
    const reward = asRecord(record['reward_model']) ?? {};
    return { messages, ...given('solution', reward['ground_truth']), ...media, columns: columnsOf(record, reward) };
  },
  hold: (record) => {
    const marks = asRecord(record.columns['reward_model']);
    const strange = marks === undefined || 'ground_truth' in marks || marks['style'] === 'rule';
    const taken = strange ? OWN : OWN.filter((key) => key !== 'reward_model');
    const held = holdWithin(record, { taken, plain: false, response: false });
    if (record.columns['data_source'] !== undefined) return held;
    const columns = { data_source: 'unknown', ...held.record.columns };
    return {
      record: { ...held.record, columns },
      lost: [...held.lost, 'that it has no “data_source” (it becomes “unknown”)'],
    };
  },
  write: (record) => {
    const beside: Record<string, unknown> = {};
    let extra: Record<string, unknown> | undefined;
    for (const key in record.columns) {
      if (key === 'reward_model') continue;
      if (BESIDE.includes(key)) beside[key] = record.columns[key];
      else (extra ??= {})[key] = record.columns[key];
    }
    const marks = asRecord(record.columns['reward_model']);
    const { solution } = record;
    const known = solution !== undefined && solution !== null;
    return {
      ...beside,
      prompt: record.messages.map(writtenMessage),
      ...mediaRecords(record),
      ...(known || marks
        ? { reward_model: { style: 'rule', ...marks, ...(known ? { ground_truth: solution } : {}) } }
        : {}),
      ...(extra ? { extra_info: extra } : {}),
    };
  },
  stumbles: (record, { solution }) => [
    ...(record['data_source'] === undefined ? ['verl needs “data_source”: it chooses the reward by it.'] : []),
    ...(solution === undefined ? ['verl needs “reward_model.ground_truth”: it is handed to the reward.'] : []),
  ],
};

/** Columns of the record and those of `extra_info` together; where both have a name, the latter stays in `extra_info`. */
function columnsOf(record: RawRecord, reward: RawRecord): RawRecord {
  const beside = columnsBesides(record, OWN);
  const extra = Object.entries(columnsBesides(asRecord(record['extra_info']) ?? {}, []));
  const twice = extra.filter(([key]) => key in beside || BESIDE.includes(key) || OWN.includes(key));
  const marks = columnsBesides(reward, reward['style'] === 'rule' ? ['ground_truth', 'style'] : ['ground_truth']);
  return {
    ...beside,
    ...Object.fromEntries(extra.filter(([key]) => !twice.some(([other]) => other === key))),
    ...(twice.length > 0 ? { extra_info_of: Object.fromEntries(twice) } : {}),
    ...(Object.keys(marks).length > 0 ? { reward_model: marks } : {}),
  };
}

function mediaRecords(record: DataRecord): RawRecord {
  const media: Record<string, unknown> = {};
  for (const key of MEDIA) if (record[key].length > 0) media[key] = record[key].map((one) => mediumRecord(one, key));
  return media;
}

/** A file under `image` or `video`; bytes under `bytes`, beside which `image` may not stand (vision_utils.py:27). */
function mediumRecord({ path, bytes, more }: Media, key: MediaKey): RawRecord {
  const name = bytes === undefined ? key.slice(0, -1) : 'path';
  return { ...given(name, path), ...given('bytes', bytes), ...more };
}
