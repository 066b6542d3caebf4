import * as vscode from 'vscode';
import { memoryPlan } from '../../domain/frameworks/memoryPlan';
import { factsOf } from '../../domain/language/compose';
import { memoryText, type MemoryText } from '../../domain/language/memoryText';
import { recordedAnswer } from '../../domain/language/recorded';
import { resolve, type Judged } from '../../domain/language/resolve';
import { settingAt } from '../../domain/config/sheet';
import type { RecordedRuns } from './configRuns';
import type { Documents } from '../documents';
import { rangeOf } from '../places';
import { setting } from '../settings';
import { surroundings } from './surroundings';

/** What is known of configurations besides their texts. */
export interface Known {
  readonly documents: Documents;
  readonly runs: RecordedRuns;
}

/** What an update of this configuration takes of one GPU; undefined where the model's size is not known. */
export function memoryOf(judged: Judged, document: vscode.TextDocument, runs: RecordedRuns): MemoryText | undefined {
  const facts = factsOf(judged, surroundings(document));
  const plan = memoryPlan(facts);
  return plan && memoryText(plan, setting('grpoLens.config.gpu', document.uri), runs.of(document, facts)?.peak);
}

/** Above each command or configuration: the memory that it takes, and what its last run tells. */
export function lensesIn({ documents, runs }: Known, document: vscode.TextDocument): vscode.CodeLens[] {
  if (!setting('grpoLens.config.lenses', document.uri)) return [];
  return documents.read(document).judged.flatMap((judged) => {
    const memory = memoryOf(judged, document, runs);
    const titles = [...(memory ? [memory.title] : []), ...recordedTitles(judged, document, runs)];
    const at = rangeOf(
      document,
      judged.sheet.commandSpan ?? { start: judged.sheet.span.start, end: judged.sheet.span.start },
    );
    const command = 'grpoLens.showComposed';
    const tooltip = memory?.lines.join('\n') ?? '';
    return titles.map((title) => new vscode.CodeLens(at, { title, command, tooltip }));
  });
}

function recordedTitles(judged: Judged, document: vscode.TextDocument, runs: RecordedRuns): string[] {
  const facts = factsOf(judged, surroundings(document));
  const recorded = runs.of(document, facts);
  if (!recorded || recorded.tokens.length === 0) return [];
  return judged.catalogue.parameters.flatMap(({ path }) => {
    if (!/(^|\.)(max_completion_length|max_response_length)$/.test(path)) return [];
    return recordedAnswer({ path }, facts.number(path), recorded) ?? [];
  });
}

/** What the run of this configuration tells about the setting at a place, below what its hover says. */
export function recordedHover(
  { documents, runs }: Known,
  document: vscode.TextDocument,
  offset: number,
): string | undefined {
  for (const judged of documents.read(document).judged) {
    const found = settingAt(judged.sheet, offset);
    const resolved = found && resolve(found.path, judged);
    if (resolved?.kind !== 'parameter') continue;
    const facts = factsOf(judged, surroundings(document));
    const recorded = runs.of(document, facts);
    const { path } = resolved.parameter;
    const answer = recorded && recordedAnswer({ path }, facts.number(path), recorded);
    const memory = path.includes('batch_size') ? memoryOf(judged, document, runs)?.lines.join('  \n') : undefined;
    return [answer, memory].filter(Boolean).join('\n\n') || undefined;
  }
  return undefined;
}
