import { MEDIA, tagOf, type DataRecord, type MediaKey } from './dataset';
import type { RawRecord } from '../rollouts/rollout';
import { render } from './template';

/** What a model's own files say of how a chat becomes text. */
export interface ChatFiles {
  readonly template: string;
  /** `bos_token` and the like. */
  readonly tokens: Readonly<Record<string, string>>;
}

/** A prompt too long, as a framework treats it: how, from what length on, and why we know. */
export interface Overlong {
  readonly limit?: number;
  /** `cut left`: the beginning is lost. Media are never cut in half. */
  readonly does: 'kept' | 'cut left' | 'cut right' | 'left out' | 'refused';
  /** One sentence for people. */
  readonly says: string;
}

/** One stretch of what the model is given: text, or the tokens of one medium. */
export interface SeenPiece {
  readonly kind: 'text' | 'image' | 'video' | 'audio';
  readonly text: string;
  /** Of a medium: undefined where it cannot be known. */
  readonly tokens?: number;
  /** It does not reach the model. */
  readonly cut?: true;
}

/** The messages as transformers' chat templates want them: texts, or parts where there are media. */
function chatOf(record: DataRecord): readonly RawRecord[] {
  const withMedia = MEDIA.some((key) => record[key].length > 0);
  return record.messages.map(({ role, content, more }) => ({
    role,
    content: withMedia ? partsOf(content) : content,
    ...more,
  }));
}

const TAGS = /(<image>|<video>|<audio>)/;

function partsOf(content: string): readonly RawRecord[] {
  return content
    .split(TAGS)
    .filter((piece) => piece !== '')
    .map((piece) => (TAGS.test(piece) ? { type: piece.slice(1, -1) } : { type: 'text', text: piece }));
}

/** The prompt as the model's chat template renders it, or a sentence on why it cannot be. */
export function rendered(
  record: DataRecord,
  { template, tokens }: ChatFiles,
): { readonly text: string } | { readonly why: string } {
  if (record.plain) return { text: record.messages[0]?.content ?? '' };
  const values = { messages: chatOf(record), add_generation_prompt: true, ...tokens };
  return render(template, { values, chat: true });
}

/** The rendered text cut at the places of its media, in their order; `pads` is how the model's processor marks each. */
export function piecesOf(text: string, pads: Readonly<Partial<Record<SeenPiece['kind'], string>>>): SeenPiece[] {
  const marks = Object.entries(pads) as [SeenPiece['kind'], string][];
  const pieces: SeenPiece[] = [];
  for (let rest = text; rest !== '';) {
    const found = marks
      .map(([kind, mark]) => ({ kind, mark, at: rest.indexOf(mark) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at)[0];
    const end = found?.at ?? rest.length;
    if (end > 0) pieces.push({ kind: 'text', text: rest.slice(0, end) });
    if (found) pieces.push({ kind: found.kind, text: found.mark });
    rest = rest.slice(end + (found?.mark.length ?? 0));
  }
  return pieces;
}

/** The kind of a piece that a key of media becomes. */
export function kindOf(key: MediaKey): SeenPiece['kind'] {
  return tagOf(key).slice(1, -1) as SeenPiece['kind'];
}
