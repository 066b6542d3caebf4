/** What a progress bar says: done of total. */
export interface Progress {
  readonly step: number;
  readonly steps: number;
}

/**
 * A tqdm bar without a label, or with the label `Train`; other labels belong to downloads, weights, data sets. In a narrow
 * terminal it has no bar, only figures.
 */
const BAR = /(?:^|[\r\n])\s*(?:Train:\s*)?\d+%(?:\|[^|\r\n]*\|)?\s*(\d+)\/(\d+) \[/g;

/** The training bars in a stretch of text, in order. */
export function bars(text: string): Progress[] {
  if (!text.includes('%')) return [];
  return [...text.matchAll(BAR)].map((match) => ({ step: Number(match[1]), steps: Number(match[2]) }));
}

/** What a terminal would show of a line: after a carriage return the line is written anew over what stood there. */
export function folded(line: string): string {
  if (!line.includes('\r')) return line;
  let shown = '';
  for (const part of line.split('\r')) shown = part + shown.slice(part.length);
  return shown.trimEnd();
}
