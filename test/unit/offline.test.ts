import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { goingOut } from '../../src/domain/runs/goingOut';
import { pathIn } from '../../src/domain/runs/launch';
import { offlineFindings } from '../../src/domain/runs/offline';
import { trackerPages } from '../../src/domain/runs/tracker';

const SET = 'export HF_HUB_OFFLINE=1 TRANSFORMERS_OFFLINE=1 HF_DATASETS_OFFLINE=1\n';

/** `rule: marked text` of each finding. */
function found(text: string, language: 'shellscript' | 'python'): string[] {
  return offlineFindings(text, language).map(({ rule, span }) => `${rule}: ${text.slice(span.start, span.end)}`);
}

describe('on an offline host a shell script', () => {
  it.each([
    ['swift rlhf --model ./weights', ['offline-variables: swift rlhf']],
    [`${SET}swift rlhf --model ./weights --dataset train.jsonl`, []],
    [`${SET}swift rlhf --model Qwen/Qwen2.5-VL-3B-Instruct`, ['offline-hub: Qwen/Qwen2.5-VL-3B-Instruct']],
    [`${SET}swift rlhf --dataset 'okwinds/clevr_cogen_a_train'`, ['offline-hub: okwinds/clevr_cogen_a_train']],
    [`${SET}MODEL_PATH=\${MODEL_PATH:-"Qwen/Qwen3-VL-8B"}`, ['offline-hub: Qwen/Qwen3-VL-8B']],
    [`${SET}x actor_rollout_ref.model.path=data/model --model output/merged`, []],
    ['pip install vllm # before', ['offline-fetches: pip install']],
    ['pip install --no-index --find-links wheels vllm', []],
    ['# wget https://x.org/a', []],
    ['curl -O https://x.org/a', ['offline-fetches: curl', 'offline-url: https://x.org/a']],
    ['echo http://localhost:8000/v1 http://$HOST:80', []],
    [`${SET}swift rlhf --report_to tensorboard,wandb`, ['offline-tracker: wandb']],
    [`${SET}export WANDB_MODE=offline\nswift rlhf --report_to wandb`, []],
    [`${SET}x trainer.logger='["console","swanlab"]'`, ['offline-tracker: swanlab']],
  ])('%j', (text, expected) => expect(found(text, 'shellscript')).toEqual(expected));

  it('is given the variables by one change', () => {
    const text = '#!/bin/bash\n# Train.\nswift rlhf --model ./m\n';
    const [fix] = offlineFindings(text, 'shellscript')[0]?.fixes ?? [];
    const { span, text: more } = fix?.changes[0] ?? { span: { start: 0, end: 0 }, text: '' };
    const mended = text.slice(0, span.start) + more + text.slice(span.end);
    expect(mended).toBe(
      '#!/bin/bash\n# Train.\nexport HF_HUB_OFFLINE=1\nexport TRANSFORMERS_OFFLINE=1\nexport HF_DATASETS_OFFLINE=1\nswift rlhf --model ./m\n',
    );
    expect(offlineFindings(mended, 'shellscript')).toEqual([]);
  });
});

describe('on an offline host a Python script', () => {
  it.each([
    ['import requests\n', ['offline-import: requests']],
    ['"""Speaks of https://x.org."""\nimport json  # requests\n', []],
    ['AutoModel.from_pretrained("Qwen/Qwen2.5")', ['offline-hub: Qwen/Qwen2.5']],
    ['load_dataset("json", data_files="a.jsonl")', []],
    ['load_dataset("org/set")', ['offline-hub: org/set']],
    ['model_path = "./weights/Qwen"', []],
    ['snapshot_download("a/b")', ['offline-fetches: snapshot_download']],
    ['import wandb\n', ['offline-import: wandb']],
    ['import os\nos.environ["WANDB_MODE"] = "offline"\nimport wandb\n', []],
    ['trainer = GRPOTrainer(model)', ['offline-variables: GRPOTrainer(']],
  ])('%j', (text, expected) => expect(found(text, 'python')).toEqual(expected));
});

it.each([
  ['examples/swift-vlm-puzzle/train_lora.sh', 'shellscript'],
  ['examples/swift-vlm-puzzle/train_zero3.sh', 'shellscript'],
  ['examples/swift-vlm-puzzle/train_grpo.py', 'python'],
  ['examples/swift-vlm-puzzle/rewards.py', 'python'],
] as const)('the recipe for an offline host goes nowhere: %s', (path, language) => {
  expect(found(readFileSync(path, 'utf8'), language)).toEqual([]);
});

describe('pages of trackers', () => {
  it.each([
    [
      'wandb: ⭐️ View project at https://wandb.ai/me/grpo\nwandb: 🚀 View run at \x1b[34mhttps://wandb.ai/me/grpo/runs/ab12\x1b[0m\n',
      ['https://wandb.ai/me/grpo/runs/ab12', 'https://wandb.ai/me/grpo'],
    ],
    [
      'swanlab: 🚀 View run at https://swanlab.cn/@me/qwen3_vl_gad_exp/runs/x1y2\n',
      ['https://swanlab.cn/@me/qwen3_vl_gad_exp/runs/x1y2'],
    ],
    [
      'wandb: 🚀 View run at https://wandb.company.example/me/p/runs/1\n',
      ['https://wandb.company.example/me/p/runs/1'],
    ],
    ['wandb: see https://docs.wandb.ai/guides. and https://wandb.ai/authorize\n', []],
    ['see https://github.com/me/grpo\n', []],
  ])('%j', (log, urls) => expect(trackerPages(log).map(({ url }) => url)).toEqual(urls));
});

it('what would go out of a host is told with the file and the line', () => {
  const inputs = [
    { path: '/home/me/train.sh', text: `${SET}pip install vllm\nswift rlhf --model org/name\n` },
    { path: 'rewards.py', text: 'import re\nimport requests\n' },
    { path: 'a.yaml', text: 'model: org/name\n' },
  ];
  expect(goingOut({ inputs }).map((line) => line.split(': ')[0])).toEqual(['train.sh:2', 'train.sh:3', 'rewards.py:2']);
  expect(goingOut({})).toEqual([]);
});

it.each([
  ['~/runs', 'out', '~/runs/out'],
  ['/data/', './out', '/data/out'],
  ['~', '/abs', '/abs'],
  ['/data', '~/out', '~/out'],
])('from %j, %j is %j', (folder, path, whole) => expect(pathIn(folder, path)).toBe(whole));
