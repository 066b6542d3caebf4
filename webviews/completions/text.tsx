import type { VNode } from 'preact';
import { cutAtMarks, marksOf } from '../../src/domain/rollouts/marks';
import { segmentsOf, type Segment } from '../../src/domain/rollouts/segments';
import { withoutSpecialTokens } from '../../src/domain/rollouts/specialTokens';
import { wordDiff } from '../../src/domain/rollouts/wordDiff';
import type { Pattern } from '../../src/wire/completionsPanel';

/** How completions are read. */
export interface Reading {
  /** `apart`: as written, its parts set apart and marked; `markdown`: with Markdown and maths drawn; `raw`: as it is. */
  readonly mode: 'apart' | 'markdown' | 'raw';
  /** Special tokens are shown. */
  readonly special: boolean;
}

const NAMES: Readonly<Record<Segment['kind'], string>> = {
  text: '',
  think: 'thinking',
  answer: 'answer',
  tool: 'tool',
};

interface TextProps {
  readonly text: string;
  readonly reading: Reading;
  readonly patterns: readonly Pattern[];
  /** Draws Markdown; a page that never does need not carry it. */
  readonly draw?: (text: string) => VNode;
}

/** A completion with its thinking, answer and tool calls set apart and foldable. */
export function CompletionText({ text, reading, patterns, draw }: TextProps): VNode {
  if (reading.mode === 'raw')
    return (
      <pre class="text mono" dir="auto">
        {text}
      </pre>
    );
  const shown = reading.special ? text : withoutSpecialTokens(text);
  const drawn = reading.mode === 'markdown' ? draw : undefined;
  return (
    <div class={drawn ? 'text' : 'text mono'} dir="auto">
      {segmentsOf(shown).map((segment, at) => {
        const inner = drawn ? drawn(withoutTags(segment)) : <Plain text={segment.text} patterns={patterns} />;
        return segment.kind === 'text' ? (
          <span key={at}>{inner}</span>
        ) : (
          <Set key={at} segment={segment} inner={inner} />
        );
      })}
    </div>
  );
}

function Plain({ text, patterns }: Pick<TextProps, 'text' | 'patterns'>): VNode {
  return (
    <>
      {cutAtMarks(text, marksOf(text, patterns)).map(({ text: piece, tag, matches }, at) =>
        tag || matches.length > 0 ? (
          <span
            key={at}
            class={`${tag ? 'tag' : ''} ${matches.length > 0 ? 'match' : ''}`}
            title={matches.length > 0 ? `matched by ${matches.join(', ')}` : undefined}
          >
            {piece}
          </span>
        ) : (
          piece
        ),
      )}
    </>
  );
}

/** The fold's title says what a tag would. */
function withoutTags({ kind, text }: Segment): string {
  return kind === 'text' ? text : text.replace(/^<\w+>\s*/, '').replace(/\s*<\/\w+>$/, '');
}

function Set({ segment: { kind, open }, inner }: { segment: Segment; inner: VNode }): VNode {
  return (
    <details class={`segment ${kind}`} open>
      <summary>
        {NAMES[kind]}
        {open && <span class="flag unclosed">never closed</span>}
      </summary>
      {inner}
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
