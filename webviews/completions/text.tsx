import type { VNode } from 'preact';
import { segmentsOf, type Segment } from '../../src/domain/segments';
import { wordDiff } from '../../src/domain/wordDiff';

const NAMES: Readonly<Record<Segment['kind'], string>> = {
  text: '',
  think: 'thinking',
  answer: 'answer',
  tool: 'tool',
};

/** A completion with its thinking, answer and tool calls set apart and foldable; `raw` shows it as it is. */
export function CompletionText({ text, raw }: { text: string; raw: boolean }): VNode {
  if (raw)
    return (
      <pre class="text mono" dir="auto">
        {text}
      </pre>
    );
  return (
    <div class="text mono" dir="auto">
      {segmentsOf(text).map((segment, at) =>
        segment.kind === 'text' ? <span key={at}>{segment.text}</span> : <Set key={at} segment={segment} />,
      )}
    </div>
  );
}

function Set({ segment: { kind, text, open } }: { segment: Segment }): VNode {
  return (
    <details class={`segment ${kind}`} open>
      <summary>
        {NAMES[kind]}
        {open && <span class="flag unclosed">never closed</span>}
      </summary>
      {text}
    </details>
  );
}

/** What the better one has and the worse one lacks, word by word; `side` says whose text is shown. */
export function DiffText({ worse, better, side }: { worse: string; better: string; side: 'left' | 'right' }): VNode {
  return (
    <div class="text mono" dir="auto">
      {wordDiff(worse, better).map((piece, at) => {
        if (piece.in === 'both') return <span key={at}>{piece.text}</span>;
        if (piece.in !== side) return null;
        return side === 'left' ? <del key={at}>{piece.text}</del> : <ins key={at}>{piece.text}</ins>;
      })}
    </div>
  );
}
