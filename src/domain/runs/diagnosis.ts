import { CAUSES, type Need } from './causes';

/** What is known of a run that ended, besides its log. */
export interface Ending {
  /** Exit status; undefined where none was written. */
  readonly exit?: number | undefined;
  readonly stopAsked?: boolean;
}

/** A place in someone's own code. */
export interface CodePlace {
  readonly path: string;
  readonly line: number;
}

/** What went wrong, in words, and what may mend it. */
export interface Diagnosis {
  /** A stable id: `gpu-memory`, `reward-error`, … */
  readonly cause: string;
  /** What happened, one sentence. */
  readonly title: string;
  /** What to do about it, one sentence. */
  readonly advice: string;
  /** The line that shows it, as it stands in the log. */
  readonly evidence?: string;
  /** The innermost place in a traceback that is no library's. */
  readonly place?: CodePlace;
  /** What settings should do; `frameworks/mend.ts` knows their names. */
  readonly needs: readonly Need[];
}

const TRACEBACK = 'Traceback (most recent call last)';

/**
 * What ended a run, by the end of its log (32 KiB are enough) and its exit status. Undefined for an end that nobody need
 * wonder about: it succeeded, or was stopped.
 */
export function diagnose(tail: string, { exit, stopAsked = false }: Ending = {}): Diagnosis | undefined {
  if (exit === 0 || exit === 143 || stopAsked) return undefined;
  const text = tail.replace(/\r/g, '\n');
  for (const { cause, sign, title, advice, needs } of CAUSES) {
    const found = sign.exec(text);
    if (!found) continue;
    const place = placeIn(text);
    const evidence = lineAt(text, found.index).trim();
    return { cause, title: title(found, text), advice, evidence, needs, ...(place ? { place } : {}) };
  }
  return byException(text) ?? byExit(exit);
}

/** Does this end of a log say that the training died: an error, and no progress behind it? */
export function endsInError(tail: string): boolean {
  const at = tail.lastIndexOf(TRACEBACK);
  return at >= 0 && exceptionIn(tail.slice(at)) !== undefined && !PROGRESS.test(tail.slice(at));
}

const PROGRESS = /'learning_rate': |\bstep:\d+ - |'train_runtime': /;

function byException(text: string): Diagnosis | undefined {
  const at = text.lastIndexOf(TRACEBACK);
  const raised = at < 0 ? undefined : exceptionIn(text.slice(at));
  if (raised === undefined) return undefined;
  const place = placeIn(text);
  const title = `It ended with ${raised}`;
  const advice = place ? 'The last frame of your own code is linked.' : 'The log has the whole traceback.';
  return { cause: 'exception', title, advice, evidence: raised, needs: [], ...(place ? { place } : {}) };
}

function byExit(exit: number | undefined): Diagnosis | undefined {
  if (exit === 137) {
    const title = 'It was killed from outside (SIGKILL), and nobody asked for it.';
    const advice =
      "Most often the host's memory (not the GPU's) ran out: `dmesg` or the scheduler's own log say so. Load fewer workers or less data at once.";
    return { cause: 'killed', title, advice, needs: ['hostMemory'] };
  }
  if (exit === 139) {
    const advice = 'Most often two libraries do not fit each other: compare the versions of torch, CUDA and vLLM.';
    return { cause: 'segmentation-fault', title: 'It died of a segmentation fault.', advice, needs: [] };
  }
  return undefined;
}

/** The line of a traceback that names what was raised: `KeyError: 'acuracy'`. */
function exceptionIn(text: string): string | undefined {
  return /^(?:\([\w ]+pid=\d+[^)]*\) |\[rank\d+\]: ?)?((?:[\w]+\.)*\w*(?:Error|Exception|Interrupt|Exit|Warning)(?:: .*)?)$/m.exec(
    text,
  )?.[1];
}

const LIBRARY = /site-packages|dist-packages|\/lib\/python\d|<frozen|<string>/;

/** The innermost frame of the last traceback that is no library's. */
function placeIn(text: string): CodePlace | undefined {
  const frames = [...text.slice(Math.max(0, text.lastIndexOf(TRACEBACK))).matchAll(/File "([^"]+)", line (\d+)/g)];
  const own = frames.filter((frame) => !LIBRARY.test(frame[1] ?? '')).at(-1);
  return own && { path: own[1] ?? '', line: Number(own[2]) };
}

function lineAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at) + 1;
  const end = text.indexOf('\n', at);
  return text.slice(start, end < 0 ? undefined : end).slice(0, 600);
}
