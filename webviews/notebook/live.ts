import { Emitter } from '../../src/base/event';
import type { OutputLive } from '../../src/wire/notebookLive';
import type { RunOpening } from '../../src/wire/runPanel';
import { asSession } from '../../src/wire/session';
import { call } from '../../src/wire/wire';
import type { RendererContext } from './renderer';

/** The extension's side, while there is one. */
export interface Live {
  reveal(place: { readonly path: string; readonly line?: number | undefined }): void;
  /** Shows a line of the cell that was run under this number, else of the one that defines this name. */
  revealCell(place: { readonly cell: string; readonly name: string; readonly line: number }): void;
  openRun(folder: string): void;
  openCompletions(folder: string, row?: number): void;
  /** Calls back with the run as it is now and whenever it grows; the result ends it. */
  follow(folder: string, listener: (run: RunOpening) => void): () => void;
}

/** About the most points that a curve may have; a chart of a cell is seldom wider, in pixels. */
const WIDTH = 600;

/** Undefined where the output is shown without the extension. */
export function connect({ postMessage, onDidReceiveMessage }: RendererContext): Live | undefined {
  if (!postMessage || !onDidReceiveMessage) return undefined;
  const messages = new Emitter<unknown>();
  onDidReceiveMessage((message) => messages.fire(message));
  const channel = { post: postMessage, onMessage: messages.event, onClose: new Emitter<void>().event };
  const editor = call<OutputLive>(asSession(channel, crypto.randomUUID()));
  const grown = new Emitter<{ readonly folder: string; readonly run: RunOpening }>();
  editor.on('grown', (told) => grown.fire(told));
  // What cannot be done is told by the editor itself; here the output simply stays as it is.
  const quietly = (asked: Promise<unknown>): void => void asked.catch(() => undefined);
  return {
    reveal: (place) => quietly(editor.ask('reveal', place)),
    revealCell: (place) => quietly(editor.ask('revealCell', place)),
    openRun: (folder) => quietly(editor.ask('openRun', { folder })),
    openCompletions: (folder, row) => quietly(editor.ask('openCompletions', { folder, row })),
    follow: (folder, listener) => {
      const following = grown.event((told) => told.folder === folder && listener(told.run));
      quietly(editor.ask('follow', { folder, width: WIDTH }).then(listener));
      return () => following.dispose();
    },
  };
}
