import type { Disposable } from '../../base/disposable';
import { OneAtATime } from '../../base/pace';
import type { OpenedRun } from '../../machine/runs/openedRun';
import type { RunOpening } from '../../wire/runPanel';
import type { Guard } from '../guard';

/** Between two looks at a run that goes on, here and on another host, and at one that has ended (it may be resumed), in milliseconds. */
const LIVE = 250;
const FAR = 750;
const ENDED = 3000;

/** Tells an open page what grew, at most four times a second, and only while someone can see it. */
export class Following implements Disposable {
  readonly #looking: OneAtATime;
  #timer: NodeJS.Timeout | undefined;
  #width: number | undefined;
  #pace = LIVE;
  #visible = true;
  #disposed = false;

  constructor(
    private readonly run: OpenedRun,
    private readonly tell: (news: RunOpening) => void,
    guard: Guard,
  ) {
    const look = guard.quietly('following a run', () => this.#look());
    this.#looking = new OneAtATime(async () => {
      await look();
      this.#next();
    });
  }

  /** The whole state, from which on news is told. `width`: about the most points of a curve. */
  async start(width: number): Promise<RunOpening> {
    const opening = await this.run.opening(width);
    this.#width = width;
    this.#pace = paceOf(opening);
    this.#next();
    return opening;
  }

  set visible(visible: boolean) {
    this.#visible = visible;
    this.#next();
  }

  dispose(): void {
    this.#disposed = true;
    this.#visible = false;
    clearTimeout(this.#timer);
  }

  #next(): void {
    clearTimeout(this.#timer);
    if (this.#visible && this.#width !== undefined)
      this.#timer = setTimeout(() => void this.#looking.call(), this.#pace);
  }

  async #look(): Promise<void> {
    if (this.#width === undefined) return;
    const news = await this.run.news(this.#width);
    if (!news || this.#disposed) return;
    this.#pace = paceOf(news);
    this.tell(news);
  }
}

function paceOf({ header }: RunOpening): number {
  if (header.state !== 'running' && header.state !== 'queued') return ENDED;
  return header.target === 'here' ? LIVE : FAR;
}
