import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scoreAt, unknownScores } from '../../src/domain/rollouts/columns';
import { thisDisk } from '../../src/machine/disk';
import { completionsOf } from '../../src/machine/runs/recorder';
import type { Runs } from '../../src/machine/runs/runs';
import { openTable, type Table } from '../../src/machine/table/table';
import { makePlace, until, wishOf, type Place } from './place';

/** Trainers reduced to the way in which each of them takes and calls a reward. */
const FILES = {
  'transformers/trainer.py': `
class State: global_step = 4
class Trainer:
    state = State()
    def train(self, *args):
        return self.step()
`,
  'swift/rlhf_trainers/utils.py': `
def resolve_reward_funcs(cfg, args=None):
    funcs = [orms[name]() for name in cfg]
    return funcs, [type(each).__name__ for each in funcs]
orms = {}
`,
  'verl/trainer/ppo/reward.py': `
from functools import partial
def call(raw, more, *args, **kwargs): return raw(*args, **{**kwargs, **more})
def get_custom_reward_fn(config): return partial(call, config, {"factor": 2.0}) if config else None
def default(solution_str, ground_truth, **kwargs): return float(solution_str == ground_truth)
class Naive:
    def __init__(self, compute_score): self.compute_score = compute_score
def load_reward_manager(config): return Naive(get_custom_reward_fn(config) or default)
`,
  'verl/workers/reward/function.py': `
from functools import partial
class Base:
    def __init__(self, reward): self.reward_fn = partial(reward, top=1.0)
class AutoRewardManager(Base):
    def __init__(self, reward): super().__init__(reward)
`,
  'train.py': `
import multiprocessing.reduction, os, pickle, sys
assert "sitecustomize" in sys.modules and sys.path[-1].endswith("recorder")
from transformers.trainer import Trainer

def exact(completions, solution, **kwargs): return [float(c == s) for c, s in zip(completions, solution)]
class Format:
    weight = 3
    def __call__(self, completions, **kwargs): return [None, 1.0]

class Own(Trainer):
    reward_funcs = [exact, Format()]
    def step(self):
        given = {"prompts": ["p", "q"], "completions": ["4", "5"], "solution": ["4", "4"]}
        return [reward(**given) for reward in self.reward_funcs], self.reward_funcs[1].weight
assert Own().train() == ([[1.0, 0.0], [None, 1.0]], 3)

from swift.rlhf_trainers import utils
utils.orms["format"] = Format
[orm], names = utils.resolve_reward_funcs(["format"])
chats = [[{"role": "user", "content": "q"}, {"role": "assistant", "content": text}] for text in "ab"]
assert names == ["Format"] and orm(["a", "b"], prompt_id=["g", "g"], messages=chats) == [None, 1.0]

from verl.trainer.ppo.reward import load_reward_manager
def compute_score(data_source, solution_str, ground_truth, extra_info=None, factor=1.0): return factor
score = load_reward_manager(compute_score).compute_score
assert score(data_source="d", solution_str="x", ground_truth="y", extra_info={"index": 7}) == 2.0
assert load_reward_manager(None).compute_score(solution_str="x", ground_truth="x") == 1.0
assert pickle.loads(pickle.dumps(score)).func is not score
again = pickle.loads(multiprocessing.reduction.ForkingPickler.dumps(score))
assert type(again) is type(score) and again(solution_str="pooled", data_source="d", ground_truth="") == 2.0

from verl.workers.reward.function import AutoRewardManager
def batch(inputs, top): return [{"overall": top, "format": 0.0} for _ in inputs]
assert AutoRewardManager(batch).reward_fn([{"response": "r", "response_length": 1, "ground_truth": "g"}])[0]["overall"] == 1.0
`,
};

let place: Place;
let runs: Runs;
let code: string;

beforeAll(() => {
  place = makePlace();
  runs = place.runs();
  code = join(place.home, 'code');
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(code, name)), { recursive: true });
    writeFileSync(join(code, name), text);
  }
});

afterAll(() => {
  runs.dispose();
  place.remove();
});

it('records what rewards saw and gave, in every framework’s way of calling them, of a run whose code knows nothing of it', async () => {
  const wish = { ...wishOf(''), command: ['python3', 'train.py'], cwd: code, record: true };
  const { run } = await runs.launch(wish, 'recorded');
  const ended = await until(runs, run.id, 'succeeded');
  expect(ended.launch?.record).toBe(true);
  const folder = await completionsOf(ended, thisDisk);
  expect(folder).toBe(join(ended.folder, 'record'));
  const table = await openTable(folder);
  const marked = expect.stringMatching(/^g-[0-9a-f]{8}$/);
  expect(await told(table)).toEqual([
    ['4', 5, { exact: 1, Format: 'none' }, { solution: '4' }],
    ['5', 5, { exact: 0, Format: 1 }, { solution: '4' }],
    ['a', 5, { Format: 'none' }, { group: marked, prompt_id: 'g' }],
    ['b', 5, { Format: 1 }, { group: marked, prompt_id: 'g' }],
    ['x', 5, { score: 2 }, { ground_truth: 'y', data_source: 'd', extra_info: { index: 7 } }],
    ['x', 5, { score: 1 }, { ground_truth: 'x' }],
    ['pooled', 5, { score: 2 }, { ground_truth: '', data_source: 'd' }],
    ['r', 5, { overall: 1, format: 0 }, { response_length: 1, ground_truth: 'g' }],
  ]);
});

/** Text, step, the scores that are known, and further columns of each row. */
async function told(table: Table): Promise<unknown[]> {
  const rows = await table.completions(Array.from({ length: table.rows }, (_, row) => row));
  return rows.map(({ row, text, step, columns }) => {
    const scores = table.rewards.map((name) => [name, scoreAt(table.scores.get(name) ?? unknownScores(0), row)]);
    const { form: _form, ...others } = columns;
    return [text, step, Object.fromEntries(scores.filter(([, score]) => score !== 'unknown')), others];
  });
}
