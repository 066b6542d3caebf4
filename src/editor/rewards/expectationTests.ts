import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { Disposables, type Disposable } from '../../base/disposable';
import { wordOf } from '../../domain/rollouts/distribution';
import type { Expectation } from '../../domain/rewards/expectation';
import { Problem } from '../../domain/problem';
import { checkExpectations, loadExpectations, samplesOf, type Outcome } from '../../machine/rewards/expectations';
import { rewardFileOf } from '../../machine/rewards/rewardFile';
import type { Rewards, ScoreJob } from '../../machine/rewards/rewards';
import { sourceOf } from '../../machine/rewards/versions';
import type { TestChoice } from '../../contributions';
import type { Guard } from '../guard';
import { FOREIGN } from '../places';
import { setting } from '../settings';
import type { Pythons } from './pythons';

const PATTERN = '**/*.expect.jsonl';
const MOST_FILES = 200;
const MOST_TEXT = 60;

/** Expectations in the Testing view: a file of them is a suite, each line a test; a failing one leads to its why. */
export class ExpectationTests implements Disposable {
  readonly #owned = new Disposables();
  readonly #controller = this.#owned.add(
    vscode.tests.createTestController('grpoLens.expectations', 'GRPO reward expectations'),
  );
  readonly #expected = new Map<string, Expectation>();

  constructor(
    private readonly pythons: Pythons,
    private readonly guard: Guard,
  ) {
    const read = guard.quietly('reading expectations', (uri: vscode.Uri) => this.#read(uri));
    const find = guard.quietly('finding expectations', async () => {
      const found = await vscode.workspace.findFiles(PATTERN, FOREIGN, MOST_FILES);
      await Promise.all(found.map(read));
    });
    this.#controller.resolveHandler = async (item) => void (item?.uri ? await read(item.uri) : await find());
    this.#controller.refreshHandler = async () => void (await find());
    const watcher = this.#owned.add(vscode.workspace.createFileSystemWatcher(PATTERN));
    watcher.onDidCreate((uri) => void read(uri));
    watcher.onDidChange((uri) => void read(uri));
    watcher.onDidDelete((uri) => this.#controller.items.delete(uri.toString()));
    const run = (asked: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> =>
      this.#run(asked, token);
    this.#owned.add(this.#controller.createRunProfile('Score', vscode.TestRunProfileKind.Run, run, true));
    void find();
  }

  /** How the expectation behind a test is run, and its sample alone. Errors: `missing`, `untrusted`. */
  async job(test: TestChoice | undefined): Promise<{ readonly job: ScoreJob; readonly expectation: Expectation }> {
    const id = test && ('test' in test ? test.test.id : test.id);
    const expectation = id === undefined ? undefined : this.#expected.get(id);
    if (!expectation) throw new Problem({ code: 'bad-input', message: 'Choose an expectation in the Testing view.' });
    const uri = vscode.Uri.parse(id?.replace(/#\d+$/, '') ?? '');
    const job = await jobOf(await this.pythons.of(uri), uri, expectation.reward);
    return { job: { ...job, samples: samplesOf([expectation]) }, expectation };
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #read(uri: vscode.Uri): Promise<void> {
    const { expected, bad } = await loadExpectations(uri.fsPath);
    const file = this.#controller.createTestItem(uri.toString(), basename(uri.fsPath), uri);
    file.description = vscode.workspace.asRelativePath(dirname(uri.fsPath));
    if (bad[0]) file.error = `Line ${bad[0].line}: ${bad[0].message}.`;
    file.children.replace(
      expected.map((one) => {
        const item = this.#controller.createTestItem(idOf(uri, one), labelOf(one), uri);
        item.range = new vscode.Range(one.line - 1, 0, one.line - 1, 0);
        this.#expected.set(item.id, one);
        return item;
      }),
    );
    this.#controller.items.add(file);
  }

  async #run(asked: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const run = this.#controller.createTestRun(asked);
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    try {
      for (const [uri, items] of this.#byFile(asked)) {
        items.forEach((item) => run.started(item));
        await this.#score(uri, items, run, stop.signal).catch((error: unknown) => {
          this.guard.record('scoring expectations', error);
          const message = error instanceof Problem ? error.message : String(error);
          items.forEach((item) => run.errored(item, new vscode.TestMessage(message)));
        });
      }
    } finally {
      run.end();
    }
  }

  #byFile({ include, exclude }: vscode.TestRunRequest): Map<vscode.Uri, vscode.TestItem[]> {
    const files = new Map<vscode.Uri, vscode.TestItem[]>();
    const take = (item: vscode.TestItem): void => {
      if (exclude?.includes(item) || !item.uri) return;
      if (this.#expected.has(item.id)) files.set(item.uri, [...(files.get(item.uri) ?? []), item]);
      item.children.forEach(take);
    };
    if (include) include.forEach(take);
    else this.#controller.items.forEach(take);
    return files;
  }

  async #score(
    uri: vscode.Uri,
    items: readonly vscode.TestItem[],
    run: vscode.TestRun,
    signal: AbortSignal,
  ): Promise<void> {
    const byReward = new Map<string, vscode.TestItem[]>();
    for (const item of items) {
      const reward = this.#expected.get(item.id)?.reward ?? '';
      byReward.set(reward, [...(byReward.get(reward) ?? []), item]);
    }
    const python = await this.pythons.of(uri);
    for (const [reward, own] of byReward) {
      const job = await jobOf(python, uri, reward);
      const expected = own.flatMap((item) => this.#expected.get(item.id) ?? []);
      const outcomes = await checkExpectations(python, job, expected, signal);
      for (const item of own) {
        const outcome = outcomes.find(({ expectation }) => expectation === this.#expected.get(item.id));
        if (outcome?.met) run.passed(item);
        else if (outcome) run.failed(item, messageOf(item, outcome));
      }
    }
  }
}

/** How a reward is run that expectations name, by one of its names. Errors: `missing`. */
async function jobOf(python: Rewards, uri: vscode.Uri, name: string): Promise<Omit<ScoreJob, 'samples'>> {
  const path = await rewardFileOf(uri.fsPath, name);
  const source = await textOf(path);
  const { rewards } = await python.find(source, path);
  const found = rewards.find((reward) => reward.name === name || reward.registered.includes(name));
  if (!found) throw new Problem({ code: 'missing', message: `${path} defines no reward "${name}".` });
  return { source, path, reward: found.name, timeout: setting('grpoLens.rewards.timeout', uri) };
}

/** The text as it is edited, saved or not. */
async function textOf(path: string): Promise<string> {
  const open = vscode.workspace.textDocuments.find(({ fileName }) => fileName === path);
  return open ? open.getText() : sourceOf(path);
}

function messageOf(item: vscode.TestItem, { expectation, is, message }: Outcome): vscode.TestMessage {
  const why = message === undefined ? '' : `: ${message}`;
  const text = `The score is ${wordOf(is)}, not ${wordOf(expectation.score)}${why}.`;
  const told = vscode.TestMessage.diff(text, wordOf(expectation.score), wordOf(is));
  if (item.uri && item.range) told.location = new vscode.Location(item.uri, item.range);
  told.contextValue = 'grpoLens.expectation';
  return told;
}

function idOf(uri: vscode.Uri, { line }: Expectation): string {
  return `${uri.toString()}#${line}`;
}

function labelOf({ reward, score, columns }: Expectation): string {
  const completion = columns['completion'];
  const text = (typeof completion === 'string' ? completion : JSON.stringify(completion)).replace(/\s+/g, ' ');
  return `${reward} = ${wordOf(score)}: ${text.length > MOST_TEXT ? `${text.slice(0, MOST_TEXT - 1)}…` : text}`;
}
