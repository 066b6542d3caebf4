import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { screenshot } from '../support/screenshot';
import { lensThat, until } from '../support/texts';
import { openFile } from '../support/window';
import { useTestPython } from './python';

interface Stopped {
  readonly session: vscode.DebugSession;
  readonly threadId: number;
}

/** The first stop of any debugger. */
function firstStop(): Promise<Stopped> {
  return new Promise((resolve) => {
    const tracker = vscode.debug.registerDebugAdapterTrackerFactory('*', {
      createDebugAdapterTracker: (session) => ({
        onDidSendMessage: ({ event, body }: { event?: string; body?: { threadId: number } }) => {
          if (event !== 'stopped' || body === undefined) return;
          tracker.dispose();
          resolve({ session, threadId: body.threadId });
        },
      }),
    });
  });
}

describe('one sample under the debugger', () => {
  before(useTestPython);
  it('stops at a breakpoint of the reward, with the arguments of the sample that is looked at', async () => {
    const editor = await openFile('trl-count/rewards.py');
    const line = editor.document
      .getText()
      .split('\n')
      .findIndex((text) => text.includes('found.group(1).strip()'));
    const place = new vscode.Location(editor.document.uri, new vscode.Position(line, 0));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(place)]);
    await lensThat(editor, (title) => title.startsWith('sample '));
    await vscode.commands.executeCommand('grpoLens.worstSample', editor.document.fileName, 'accuracy_reward');
    const [title] = (await lensThat(editor, (one) => one.startsWith('sample '))).filter((one) =>
      one.startsWith('sample'),
    );
    const stop = firstStop();
    const ended = new Promise<void>((resolve) => vscode.debug.onDidTerminateDebugSession(() => resolve()));
    await vscode.commands.executeCommand('grpoLens.debugSample', editor.document.fileName, 'accuracy_reward');
    const { session, threadId } = await stop;
    assert.match(
      `${session.name} of ${session.type}`,
      /^accuracy_reward, sample \d+ \(rewards\.py\) of grpoLens\.debugpy$/,
    );
    assert.ok(title?.startsWith(/sample \d+/.exec(session.name)?.[0] ?? '-'), `${title} and ${session.name}`);
    const { stackFrames } = (await session.customRequest('stackTrace', { threadId })) as {
      stackFrames: { id: number; line: number }[];
    };
    assert.equal(stackFrames[0]?.line, line + 1);
    const asked = { expression: 'len(completions)', frameId: stackFrames[0]?.id, context: 'watch' };
    assert.equal(((await session.customRequest('evaluate', asked)) as { result: string }).result, '1');
    await until({
      what: 'the line of the stop',
      ask: () => Promise.resolve(vscode.window.activeTextEditor?.selection.active.line),
      enough: (at) => at === line,
    });
    await screenshot('debugged-sample');
    await session.customRequest('continue', { threadId });
    await ended;
  });
});
