import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { madeNotebook } from '../support/notebooks';
import { screenshot } from '../support/screenshot';
import { until } from '../support/texts';
import { useTestPython } from './python';

const REWARD = `%%reward output
def reward(completions, solution, **kwargs):
    scores = []
    for completion, truth in zip(completions, solution):
        scores.append(1.0 if completion[0]["content"] == truth else 0.0)
    return scores
`;
const LINE = 4;

interface Frames {
  readonly stackFrames: readonly { readonly id: number; readonly line: number; readonly source?: { path?: string } }[];
}

/** What the debugger said, and in which thread it stopped. */
function listen(
  type: string,
): { readonly said: () => string; readonly stopped: () => number | undefined } & vscode.Disposable {
  let [said, thread] = ['', undefined as number | undefined];
  const tracker = vscode.debug.registerDebugAdapterTrackerFactory(type, {
    createDebugAdapterTracker: () => ({
      onDidSendMessage: ({ event, body }: { event?: string; body?: { output?: string; threadId?: number } }) => {
        if (event === 'output') said += body?.output ?? '';
        if (event === 'stopped') thread = body?.threadId;
      },
    }),
  });
  return { said: () => said, stopped: () => thread, dispose: () => tracker.dispose() };
}

describe('a reward in a cell under debugpy', () => {
  before(useTestPython);

  it('stops at the breakpoint of the cell, shows the cell, and ends with the score of the sample', async () => {
    const notebook = await madeNotebook('trl-count/debugged.ipynb', [['python', REWARD]]);
    const { document } = notebook.cellAt(0);
    const heard = listen('grpoLens.debugpy');
    const place = new vscode.Location(document.uri, new vscode.Position(LINE, 0));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(place)]);
    const lenses = await until({
      what: 'the lens',
      ask: async () =>
        vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 100),
      enough: (all) => all.some(({ command }) => command?.title === 'debug with breakpoints'),
    });
    const debug = lenses.find(({ command }) => command?.title === 'debug with breakpoints')?.command;
    assert.ok(debug);
    await vscode.commands.executeCommand(debug.command, ...((debug.arguments ?? []) as unknown[]));
    const threadId = await until({
      what: `the stop (${heard.said()})`,
      ask: () => Promise.resolve(heard.stopped()),
      enough: (thread) => thread !== undefined,
    });
    const session = vscode.debug.activeDebugSession;
    assert.ok(session);
    const { stackFrames } = (await session.customRequest('stackTrace', { threadId })) as Frames;
    const [frame] = stackFrames;
    assert.deepEqual([frame?.line, frame?.source?.path], [LINE + 1, document.uri.toString()]);
    await until({
      what: 'the cell at its line',
      ask: () => Promise.resolve(vscode.window.activeTextEditor),
      enough: (editor) => editor?.document === document && editor.selection.active.line === LINE,
    });
    const asked = { expression: 'len(scores), type(truth).__name__', frameId: frame?.id, context: 'watch' };
    const { result } = (await session.customRequest('evaluate', asked)) as { result: string };
    assert.equal(result, "(0, 'str')");
    await screenshot('cells-debugged');
    await session.customRequest('continue', { threadId });
    await until({
      what: 'the score',
      ask: () => Promise.resolve(heard.said()),
      enough: (said) => /reward gave [01]\.0/.test(said),
    });
    heard.dispose();
  });
});
