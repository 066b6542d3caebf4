/** A stretch of a completion: thinking, the answer, a tool's call or result, or plain text. */
export interface Segment {
  readonly kind: 'text' | 'think' | 'answer' | 'tool';
  readonly text: string;
  /** The tag was opened and never closed. */
  readonly open?: boolean;
}

const KINDS: Readonly<Record<string, Segment['kind']>> = {
  think: 'think',
  thinking: 'think',
  reasoning: 'think',
  answer: 'answer',
  tool_call: 'tool',
  tool_response: 'tool',
  tool: 'tool',
};

const TAG = /<(think|thinking|reasoning|answer|tool_call|tool_response|tool)>/g;

/** The text cut at its tags, in order; joined together it is the text again, tags included. */
export function segmentsOf(text: string): Segment[] {
  const segments: Segment[] = [];
  let at = 0;
  for (let tag = next(text, at); tag; tag = next(text, at)) {
    if (tag.index > at) segments.push({ kind: 'text', text: text.slice(at, tag.index) });
    const closing = `</${tag.name}>`;
    const end = text.indexOf(closing, tag.index);
    const kind = KINDS[tag.name] ?? 'text';
    if (end < 0) return [...segments, { kind, text: text.slice(tag.index), open: true }];
    at = end + closing.length;
    segments.push({ kind, text: text.slice(tag.index, at) });
  }
  return at < text.length ? [...segments, { kind: 'text', text: text.slice(at) }] : segments;
}

function next(text: string, from: number): { readonly index: number; readonly name: string } | undefined {
  TAG.lastIndex = from;
  const found = TAG.exec(text);
  return found ? { index: found.index, name: found[1] ?? '' } : undefined;
}
