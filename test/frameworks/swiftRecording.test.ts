import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { LogReader, type Point } from '../../src/domain/frameworks/logs';
import type { Completion } from '../../src/domain/rollouts/rollout';
import { openTable, type Table } from '../../src/machine/table/table';
import { makePlace, wholeLog, wishOf } from '../machine/place';

const python = process.env['GRPO_LENS_TEST_SWIFT'] ?? 'python3';
const TRAINING = [
  ...['--rlhf_type', 'grpo', '--model', 'model', '--model_type', 'qwen2_vl', '--template', 'qwen2_vl'],
  ...['--tuner_type', 'full', '--torch_dtype', 'float32', '--attn_impl', 'eager', '--use_vllm', 'false'],
  ...['--dataset', 'data.jsonl', '--split_dataset_ratio', '0', '--load_from_cache_file', 'false'],
  ...['--external_plugins', 'plugin.py', '--reward_funcs', 'has_digit', 'sometimes', 'later'],
  ...['--per_device_train_batch_size', '8', '--gradient_accumulation_steps', '1', '--num_generations', '4'],
  ...['--max_completion_length', '8', '--max_steps', '2', '--logging_steps', '1', '--log_completions', 'true'],
  ...['--save_strategy', 'no', '--report_to', 'none', '--output_dir', 'out', '--add_version', 'false'],
];
const OFFLINE = { USE_HF: '1', HF_HUB_OFFLINE: '1', TRANSFORMERS_OFFLINE: '1', CUDA_VISIBLE_DEVICES: '' };

it('ms-swift’s own trainer, launched with record: pictures tell groups apart, scores are those that it logged', async () => {
  const place = makePlace();
  const runs = place.runs();
  try {
    const cwd = path.join(place.home, 'swift');
    await promisify(execFile)(python, [path.join(import.meta.dirname, 'swiftRecording.py'), cwd], {
      maxBuffer: 1 << 24,
    });
    const command = [path.join(path.dirname(python), 'swift'), 'rlhf', ...TRAINING];
    const { run } = await runs.launch({ ...wishOf(''), command, cwd, env: OFFLINE, record: true }, 'swift');
    const state = async (): Promise<string> => (await runs.find(run.id)).state;
    await expect.poll(state, { timeout: 280_000 }).toMatch(/succeeded|failed/);
    expect(await state(), await wholeLog(runs, run)).toBe('succeeded');
    await check(path.join(run.folder, 'record'), path.join(cwd, 'out/completions.jsonl'));
    checkLog(await wholeLog(runs, run), readFileSync(path.join(cwd, 'out/logging.jsonl'), 'utf8'));
  } finally {
    runs.dispose();
    place.remove();
  }
});

/** What was recorded is what ms-swift logged, whose last line it writes twice; and it knows more. */
async function check(record: string, log: string): Promise<void> {
  const kept = await openTable(record);
  const rows = await all(kept);
  expect(rows.map(told)).toEqual((await all(await openTable(log))).slice(0, rows.length).map(told));
  expect(rows.map(({ step }) => step)).toEqual([1, 2].flatMap((step) => new Array<number>(8).fill(step)));
  expect(kept.grouping).toMatchObject({ by: 'id' });
  expect(rows.map(({ group }) => group)).toEqual([0, 1, 2, 3].flatMap((group) => new Array<number>(4).fill(group)));
  const shown = new Set(rows.map(({ group, columns }) => `${group} ${columns['solution']} ${columns['images']}`));
  expect([...shown].map((each) => /^(\d) (\d) .*scene-\2\.png$/.exec(each)?.[1])).toEqual(['0', '1', '2', '3']);
  expect(rows.map(({ prompt, text }) => [prompt.includes('<image>How many?'), prompt.includes(text)])).toEqual(
    rows.map(({ text }) => [true, text === '']),
  );
}

/** Every metric of each update stands in what it printed, to the digits of a line. */
function checkLog(printed: string, file: string): void {
  const [shown, exact] = [updatesIn(printed), updatesIn(file)];
  expect(exact.map(({ step }) => step)).toEqual([1, 2]);
  expect(shown.map(({ step, values }) => [step, Object.keys(values)])).toEqual(
    exact.map(({ step, values }) => [step, Object.keys(values)]),
  );
  const off = exact.flatMap(({ values }, at) =>
    Object.entries(values).filter(
      ([name, value]) => Math.abs((shown[at]?.values[name] ?? NaN) - value) > 1e-3 * Math.abs(value),
    ),
  );
  expect(off).toEqual([]);
}

function updatesIn(text: string): Point[] {
  const reader = new LogReader();
  return text
    .split('\n')
    .flatMap((line) => [...reader.read(line)])
    .filter(({ values }) => 'reward' in values);
}

function all(table: Table): Promise<Completion[]> {
  return table.completions(Array.from({ length: table.rows }, (_, row) => row));
}

/** ms-swift keeps scores as numbers of 32 bits, and None as NaN. */
function told({ step, text, scores }: Completion): unknown {
  const numbers = Object.entries(scores).map(([name, score]) => [
    name,
    typeof score === 'number' ? Math.fround(score) : '',
  ]);
  return { step, text, scores: Object.fromEntries(numbers) };
}
