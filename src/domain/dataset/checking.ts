import { MEDIA, tagOf, tagsIn, type DataForm, type DataRecord } from './dataset';
import type { Weight } from '../config/finding';
import type { RawRecord } from '../rollouts/rollout';

/** Something to say of one record, or of the whole file. */
export interface DataFinding {
  /** A stable id, such as `missing-file`. */
  readonly rule: DataRule;
  readonly weight: Weight;
  readonly text: string;
  /** Row from 0; undefined where the whole file is meant. */
  readonly row?: number;
  /** 1-based line, where the file has lines. */
  readonly line?: number;
}

export type DataRule =
  | 'bad-record'
  | 'broken-image'
  | 'class-balance'
  | 'duplicate'
  | 'empty-prompt'
  | 'framework'
  | 'leakage'
  | 'media-count'
  | 'missing-file'
  | 'mixed-form'
  | 'no-solution'
  | 'outside-folder'
  | 'rejected'
  | 'too-long';

type Said = Omit<DataFinding, 'row' | 'line'>;

/** What a record says by itself; files and other records are looked at elsewhere. */
export function checkRecord(form: DataForm, raw: RawRecord, record: DataRecord): readonly Said[] {
  return [
    ...emptyPrompt(record),
    ...mediaCounts(record),
    ...outside(record),
    ...(record.solution === undefined
      ? [said('no-solution', 'hint', 'It has no solution; a reward cannot compare.')]
      : []),
    ...form.stumbles(raw, record).map((text) => said('framework', 'warning', text)),
  ];
}

function emptyPrompt({ messages }: DataRecord): readonly Said[] {
  const asked = messages.some(({ role, content }) => role === 'user' && bare(content) !== '');
  return asked ? [] : [said('empty-prompt', 'error', 'Its prompt is empty: no user message holds text.')];
}

function bare(content: string): string {
  return content.replace(/<(?:image|video|audio)>/g, '').trim();
}

function mediaCounts(record: DataRecord): readonly Said[] {
  return MEDIA.flatMap((key) => {
    const [tags, media] = [tagsIn(record.messages, key), record[key].length];
    if (tags === media) return [];
    const are = tags === 1 ? 'stands' : 'stand';
    return [
      said('media-count', 'error', `${tags} × ${tagOf(key)} ${are} in the prompt, but the record has ${media} ${key}.`),
    ];
  });
}

function outside(record: DataRecord): readonly Said[] {
  const paths = MEDIA.flatMap((key) => record[key].map(({ path = '' }) => path));
  const out = paths.find((path) => path.split(/[\\/]/).includes('..'));
  return out === undefined
    ? []
    : [said('outside-folder', 'warning', `The path ${out} leads out of its folder by “..”.`)];
}

function said(rule: DataRule, weight: Weight, text: string): Said {
  return { rule, weight, text };
}

/** How often each solution stands in a file, the most frequent first; undefined where they are too many to be classes. */
export type Classes = readonly (readonly [solution: string, count: number])[] | undefined;

/** A lopsided set lets a model win by always answering the same. */
export function checkBalance(classes: Classes, rows: number): readonly DataFinding[] {
  const [first] = classes ?? [];
  if (!first || rows < 20 || first[1] / rows < 0.8) return [];
  const share = Math.round((100 * first[1]) / rows);
  const text = `${share}% of the solutions are “${first[0]}”: answering that always would already score high.`;
  return [{ rule: 'class-balance', weight: 'warning', text }];
}
