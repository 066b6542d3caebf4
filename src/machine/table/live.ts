import { setTimeout as pause } from 'node:timers/promises';
import type { Disposable } from '../../base/disposable';
import { Emitter } from '../../base/event';
import { mappingKey, type Mappings } from '../../domain/rollouts/rollout';
import { toScore } from '../../domain/score';
import type { CompletionsOpening, TableProtocol } from '../../wire/completionsPanel';
import type { Methods } from '../../wire/wire';
import type { FarRollouts } from '../rollouts/far';
import { Table } from './table';
import { Rescored } from './rescored';
import { TableView } from './view';

/** Milliseconds between two looks at the files. */
const LOOK = 500;

export interface LiveOptions {
  readonly dataset?: string;
  readonly mappings?: Mappings;
  /** Opens what is on a host. */
  readonly far?: (() => Promise<FarRollouts>) | undefined;
}

/**
 * A table that is read in the background and follows its files: answers come from what is known so far, and what was
 * cut or replaced is read anew.
 */
export class LiveTable implements Disposable {
  readonly #grown = new Emitter<CompletionsOpening>();
  readonly #ended = new AbortController();
  #view: Promise<TableView>;
  #told = 0;
  #version = 0;
  readonly #rescored = new Rescored();
  #mappings: Mappings;
  #far: Promise<FarRollouts | undefined> | undefined;

  constructor(
    private readonly path: string,
    private readonly options: LiveOptions,
  ) {
    this.#mappings = options.mappings ?? {};
    this.#view = this.#open();
    this.#use(this.#view);
    void this.#follow();
  }

  /** Fires with everything that the page's head shows, about twice a second while there is news. */
  readonly onGrown = this.#grown.event;

  readonly methods: Methods<TableProtocol> = {
    hello: async () => this.#opening(await this.#view),
    view: async ({ query }, signal) => (await this.#view).view(query, signal),
    rows: async ({ view, from, to }) => (await this.#view).rows(view, from, to),
    detail: async ({ row }) => (await this.#view).detail(row),
    through: async ({ row }) => (await this.#view).through(row),
    curves: async ({ view }) => (await this.#view).curves(view),
    spread: async ({ view }) => (await this.#view).spread(view),
    map: async (mapping) => {
      const { unknown } = (await this.#view).table;
      if (!unknown) return null;
      this.#mappings = { ...this.#mappings, [mappingKey(Object.keys(unknown.record))]: mapping };
      await this.#anew(await this.#view);
      return null;
    },
    rescore: async ({ reward, rows, scores }) => {
      this.#rescored.set(reward, rows, scores.map(toScore));
      this.#tell(await this.#view);
      return null;
    },
    label: async ({ row, label }) => (await this.#view).label(row, label),
    save: async ({ view, format, file }, signal) => (await this.#view).save(view, { format, file, signal }),
  };

  /** A host that could not be reached is tried again. */
  async #reach(): Promise<FarRollouts | undefined> {
    try {
      return await this.options.far?.();
    } catch (error) {
      this.#far = undefined;
      throw error;
    }
  }

  async #open(): Promise<TableView> {
    const far = await (this.#far ??= this.#reach());
    await far?.refresh(this.#version === 0);
    const { dataset } = this.options;
    const more = dataset === undefined ? { far } : { dataset, far };
    const table = new Table(far?.local ?? this.path, { ...more, mappings: this.#mappings, growing: true });
    await table.begin();
    const view = new TableView(table, this.#rescored, far?.labels);
    table.onGrown(() => this.#tell(view));
    return view;
  }

  #tell(view: TableView, now = performance.now()): void {
    const done = view.table.filled === view.table.rows;
    if (!done && now - this.#told < LOOK) return;
    this.#told = now;
    this.#version++;
    view.forget();
    this.#grown.fire(this.#opening(view));
  }

  async #follow(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      await this.#look().catch((error: unknown) => this.#failed(error));
      await pause(LOOK, undefined, { signal }).catch(() => undefined);
    }
  }

  async #look(): Promise<void> {
    const view = await this.#view;
    await (await this.#far)?.refresh();
    await view.table.load();
    if (view.table.changed) await this.#anew(view);
  }

  #opening(view: TableView): CompletionsOpening {
    return { ...view.opening(), source: this.path, version: this.#version };
  }

  async #anew(view: TableView): Promise<void> {
    this.#use(this.#open());
    view.table.dispose();
    this.#tell(await this.#view);
  }

  /** Until the next look, every answer is the reason; then it is tried anew, since files may still come. */
  #failed(error: unknown): void {
    this.#letGo();
    this.#use(Promise.reject(error));
    void pause(LOOK, undefined, { signal: this.#ended.signal }).then(
      () => this.#use(this.#open()),
      () => undefined,
    );
  }

  #use(view: Promise<TableView>): void {
    this.#view = view;
    // Whoever asks is told; a rejection that nobody awaits yet would end the thread.
    view.catch(() => undefined);
  }

  /** Closes the files of the view that answered so far. */
  #letGo(): void {
    this.#view.then(
      (view) => view.table.dispose(),
      () => undefined,
    );
  }

  dispose(): void {
    this.#ended.abort();
    this.#far?.then(
      (far) => far?.remove(),
      () => undefined,
    );
    this.#grown.dispose();
    this.#letGo();
  }
}
