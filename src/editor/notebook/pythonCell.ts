import { basename } from 'node:path';
import { pathOf, samplesFor } from '../../machine/rewards/cellSamples';
import { Problem } from '../../domain/problem';
import { rewardWords } from '../../domain/rewards/rewardCell';
import { setting } from '../settings';
import type { Sources } from '../rewards/sources';
import type { Runner, Session } from './session';

/**
 * Runs plain Python and `%%reward` cells; for the latter, samples that only the editor can read are sent ahead, and those
 * that the cell had itself are asked for, so that its lenses and values speak of them.
 */
export function pythonCell(sources: Sources): Runner {
  return async (cell, output, session) => {
    const kernel = await session.kernel();
    const code = cell.document.getText();
    const count = session.count;
    const own = <T extends { readonly cell: number }>(told: T, show: (told: T) => void): void => {
      if (told.cell === count) show(told);
    };
    const following = [
      kernel.onStream((told) => own(told, ({ name, text }) => output.stream(name, text))),
      kernel.onDisplay((told) => own(told, ({ bundle }) => output.display(bundle))),
    ];
    const words = rewardWords(code);
    try {
      if (words !== undefined)
        await sendSamples({ words, code }, { session, sources, notebook: cell.notebook.uri.fsPath });
      const outcome = await kernel.execute(code, count);
      if (outcome.status !== 'ok') output.error(outcome.error);
      else if (words !== undefined)
        await sources.cells.keep(
          cell.notebook,
          words,
          await kernel.ownSamples(words, setting('grpoLens.rewards.maxSamples')),
        );
      return outcome.status === 'ok';
    } finally {
      following.forEach((each) => each.dispose());
    }
  };
}

interface Around {
  readonly session: Session;
  readonly sources: Sources;
  readonly notebook: string;
}

/** The words of a `%%reward` cell that name a run's folder or a file; without words, the samples chosen for the notebook. */
async function sendSamples(
  { words, code }: { readonly words: string; readonly code: string },
  { session, sources, notebook }: Around,
): Promise<void> {
  const { folder } = session;
  const path = words === '' ? await sources.near(notebook) : await pathOf({ words, folder });
  if (path === undefined) return;
  const kernel = await session.kernel();
  try {
    await kernel.samples(await samplesFor(path, { words, code, folder, most: setting('grpoLens.rewards.maxSamples') }));
  } catch (error) {
    // Without words the samples were only a guess of ours: the cell may have its own.
    if (words !== '' || !(error instanceof Problem)) throw withName(error, basename(path));
  }
}

function withName(error: unknown, name: string): unknown {
  if (!(error instanceof Problem)) return error;
  return new Problem({ ...error.record, message: `The samples ${name}: ${error.message}` });
}
