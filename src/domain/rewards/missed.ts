import type { Explained } from './explained';

/** Which of `lines` of `file` stand in functions that the sample went through, and were not reached by it. */
export function missedLines(explained: Explained, file: string, lines: readonly number[]): number[] {
  const frames = new Set(explained.frames.filter((frame) => frame.file === file).map(({ id }) => id));
  const own = explained.events.filter(({ frame }) => frames.has(frame));
  const reached = new Set(own.map(({ statement }) => statement));
  const entered = own.filter(({ kind }) => kind === 'enter');
  return lines.filter(
    (line) => !reached.has(line) && entered.some((function_) => function_.line <= line && line <= function_.endLine),
  );
}
