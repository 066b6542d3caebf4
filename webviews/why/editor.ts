import type { JsonScore } from '../../src/domain/score';
import { short } from '../../src/domain/rollouts/distribution';
import type { WhyPanel } from '../../src/wire/whyPanel';
import { connect } from '../shared/port';

/** The one connection of this page. */
export const editor = connect<WhyPanel>();

/** Shows a line; `file` is '' for the reward's own. */
export function openLine(file: string | undefined, line: number): void {
  void editor.ask('open', { file: file ?? '', line });
}

export function look(sample: number): void {
  void editor.ask('look', { sample });
}

/** What cannot be sent is said by the editor. */
export function toNotebook(): void {
  void editor.ask('toNotebook', {}).catch(() => undefined);
}

/** A number for people, or the word for what is none. */
export function scoreText(score: JsonScore | null | undefined): string {
  if (score === null || score === undefined) return 'unknown';
  if (score === 'inf' || score === '-inf') return score === 'inf' ? '∞' : '−∞';
  return typeof score === 'number' ? short(score) : score;
}
