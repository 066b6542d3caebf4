import { scoreAt } from '../../domain/rollouts/columns';
import { extremes, type Extreme } from '../../domain/rollouts/extremes';
import { onTarget } from '../../domain/runs/hostWords';
import type { Run } from '../../domain/runs/run';
import { toJson } from '../../domain/score';
import type { DisplayTold } from '../../wire/kernel';
import type { Note } from '../../wire/runPanel';
import { ipynb, type NotebookCell } from '../ipynb';
import { Kernel, type KernelOptions } from '../kernel';
import type { Table } from '../table/table';
import { columnsFor } from '../table/samples';

const RANGES = 3;
const GROUPS = 2;

export interface RunNotebook {
  /** Text of the `.ipynb`. */
  readonly notebook: string;
  /** Text of the file of samples beside it; undefined where the run has no completions. */
  readonly samples?: string;
}

export interface NotebookWish {
  readonly run: Run;
  /** Its completions, where there are some. */
  readonly table?: Table | undefined;
  /** What its owner should know of it, as the page of the run says it; undefined where nobody looked. */
  readonly notes?: readonly Note[] | undefined;
  /** The reward file that belongs to it. */
  readonly rewards?: { readonly path: string; readonly text: string } | undefined;
  /** Name of the file of samples that will lie beside the notebook. */
  readonly samplesName: string;
}

/** A run as a notebook: what it was, its curves, its best and worst completions, its rewards, and cells to go on from. */
export async function runNotebook(wish: NotebookWish, home: string): Promise<RunNotebook> {
  const { run, table } = wish;
  const chosen = table ? chosenGroups(table) : [];
  const rows = chosen.flatMap((extreme) => extreme.rows);
  const samples = table && rows.length > 0 ? await linesOf(table, rows) : undefined;
  const cells: NotebookCell[] = [
    { kind: 'text', text: headText(run) },
    ...configuration(run),
    ...advice(wish.notes),
    { kind: 'code', text: importText(home) },
    { kind: 'text', text: '## Curves' },
    { kind: 'code', text: `watch(${JSON.stringify(run.outputs ?? run.folder)})` },
    ...(samples === undefined ? [] : completionCells(wish, chosen, table?.rewards ?? [])),
    ...(samples === undefined ? [] : rewardCells(wish)),
  ];
  return { notebook: ipynb(cells), ...(samples === undefined ? {} : { samples }) };
}

/** The same notebook with what its cells show, run in a Python of its own; a cell that fails stays without output. */
export async function executed(notebook: string, options: KernelOptions): Promise<string> {
  const kernel = new Kernel(options);
  const shown = new Map<number, DisplayTold['bundle'][]>();
  kernel.onDisplay(({ cell, bundle }) => shown.set(cell, [...(shown.get(cell) ?? []), bundle]));
  try {
    await kernel.ready();
    const whole = JSON.parse(notebook) as { cells: { cell_type: string; source: string[]; outputs: object[] }[] };
    for (const [at, cell] of whole.cells.entries()) {
      if (cell.cell_type !== 'code') continue;
      await kernel.execute(cell.source.join(''), at + 1);
      const outputs = shown.get(at + 1) ?? [];
      cell.outputs = outputs.map((data) => ({ output_type: 'display_data', data, metadata: {} }));
    }
    return `${JSON.stringify(whole, undefined, 1)}\n`;
  } finally {
    kernel.dispose();
  }
}

function chosenGroups(table: Table): Extreme[] {
  const columns = [...table.scores.values()];
  const scores = (row: number): ReturnType<typeof scoreAt>[] => columns.map((column) => scoreAt(column, row));
  return extremes({ step: table.step, group: table.group, scores }, RANGES, GROUPS);
}

/** One line of JSON a row: prompt, completion, group, step, advantage, each reward, and what the data set tells. */
async function linesOf(table: Table, rows: readonly number[]): Promise<string> {
  const found = await columnsFor(table, { needs: [], rows });
  const lines = found.rows.map((row, at) => {
    const columns = Object.entries(found.columns).map(([name, values]) => [name, values[at]] as const);
    const scores = [...table.scores].map(([name, column]) => [name, toJson(scoreAt(column, row))] as const);
    const place = { step: table.step[row], group: table.group[row], advantage: toJson(scoreAt(table.advantage, row)) };
    return JSON.stringify({ ...Object.fromEntries(columns), ...place, ...Object.fromEntries(scores) }, plain);
  });
  return `${lines.join('\n')}\n`;
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return ArrayBuffer.isView(value) ? undefined : value;
}

function headText({ name, state, target, folder, startedAt }: Run): string {
  const began = startedAt === undefined ? '' : `, started ${new Date(startedAt * 1000).toISOString()}`;
  return `# ${name}\n\n${state} ${onTarget(target)}${began}.\n\n\`${folder}\``;
}

function configuration({ launch }: Run): NotebookCell[] {
  if (!launch) return [];
  const env = Object.entries(launch.env).map(([name, value]) => `${name}=${value}`);
  const secrets = launch.secrets.map((name) => `${name}=*** (passed, not written)`);
  const lines = [`cd ${launch.cwd}`, ...env, ...secrets, launch.command.join(' ')];
  return [{ kind: 'text', text: `## Configuration\n\n\`\`\`\n${lines.join('\n').replaceAll('```', "'''")}\n\`\`\`` }];
}

function advice(notes: readonly Note[] | undefined): NotebookCell[] {
  if (!notes) return [];
  const said = notes.map(({ title, advice, settings = [], evidence }) => {
    const mends = settings.length > 0 ? ` Settings: ${settings.map((name) => `\`${name}\``).join(', ')}.` : '';
    const line = evidence === undefined ? '' : `\n\n  \`${evidence.replaceAll('`', "'").trim()}\``;
    return `- **${title}** ${advice ?? ''}${mends}`.trimEnd() + line;
  });
  const text = said.length > 0 ? said.join('\n') : 'Neither its curves nor its log give reason for advice.';
  return [{ kind: 'text', text: `## Advice\n\n${text}` }];
}

function importText(home: string): string {
  return `import json\nimport sys\n\nsys.path.append(${JSON.stringify(home)})\nfrom grpo_lens import score, show, watch`;
}

function completionCells(
  { samplesName }: NotebookWish,
  chosen: readonly Extreme[],
  rewards: readonly string[],
): NotebookCell[] {
  const open = `with open(${JSON.stringify(samplesName)}, encoding="utf-8") as lines:\n    samples = [json.loads(line) for line in lines]\nrewards = ${JSON.stringify(rewards)}`;
  const text = `## Best and worst\n\nIn each third of the run, the ${GROUPS} groups whose best and worst completion differ most.`;
  return [
    { kind: 'text', text },
    { kind: 'code', text: open },
    ...chosen.map(({ from, to }): NotebookCell => {
      const part = `part = [sample for sample in samples if ${from} <= sample["step"] <= ${to}]`;
      const call = `show(part, {name: [sample[name] for sample in part] for name in rewards}, title="Steps ${from} to ${to}")`;
      return { kind: 'code', text: `${part}\n${call}` };
    }),
  ];
}

/** The rewards' source as a cell that can be changed and run again on the same samples. */
function rewardCells({ rewards }: NotebookWish): NotebookCell[] {
  if (!rewards) return [];
  const text = `## Rewards\n\nFrom \`${rewards.path}\`. Change them and run the cell: the scores are those of the samples above. In a Jupyter kernel, run \`%load_ext grpo_lens\` first.`;
  return [
    { kind: 'text', text },
    { kind: 'code', text: '%load_ext grpo_lens' },
    { kind: 'code', text: `%%reward samples\n${rewards.text}` },
  ];
}
