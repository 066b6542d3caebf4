import * as vscode from 'vscode';
import type { Sending } from '../../contributions';
import { sampleLines } from '../../domain/rewards/notebookSamples';
import { isCell } from './cells';
import type { Pressed } from './whyPressure';
import { groupOf } from './whySample';

/** Sends a sample with its whole group, so that the cell shows it beside the others, with why each has its score. */
export async function whyToNotebook(
  document: vscode.TextDocument,
  { shown: { prepared, reward }, table }: Pressed,
  sample: number,
): Promise<void> {
  if (!prepared) return;
  const { rows, samples } = prepared;
  const own = groupOf(table, rows[sample] ?? -1);
  const together = rows.flatMap((row, at) => (groupOf(table, row) === own ? [at] : []));
  const lines = sampleLines(samples.columns, own === null ? [sample] : together, {
    conversational: samples.conversational ?? false,
  });
  const named = isCell(document) ? reward.name : JSON.stringify(`${document.fileName}:${reward.name}`);
  const sending: Sending = { name: reward.name, samples: lines, reward: named };
  await vscode.commands.executeCommand('grpoLens.sendToNotebook', sending);
}
