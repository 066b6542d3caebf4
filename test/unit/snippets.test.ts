import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { formOf } from '../../src/domain/frameworks/datasets';
import { templateKind } from '../../src/domain/frameworks/templates';
import type { RawRecord } from '../../src/domain/rollouts/rollout';
import { checkTemplate } from '../../src/domain/dataset/template';
import { findings, judged } from './check';

interface Snippet {
  readonly prefix: string;
  readonly body: readonly string[];
}

/** What stands in the editor after the snippet was inserted and every placeholder was left as it is. */
function inserted(snippet: Snippet): string {
  const text = snippet.body.join('\n');
  const choices = text.replace(/\$\{\d+\|([^,|]*)[^|]*\|\}/g, '$1');
  const filled = choices.replace(/\$\{\d+:((?:[^}\\]|\\.)*)\}/g, '$1').replace(/(?<!\\)\$\d+/g, '');
  return `${filled.replace(/\\([\\$}])/g, '$1').trimEnd()}\n`;
}

function snippets(language: string): [string, string][] {
  const file = JSON.parse(readFileSync(`snippets/${language}.json`, 'utf8')) as Record<string, Snippet>;
  return Object.entries(file).map(([name, snippet]) => [name, inserted(snippet)]);
}

describe.each(['shell', 'yaml'])('snippets for %s', (language) => {
  test.each(snippets(language))('%s: one sheet of a known framework, without findings', (_, text) => {
    const asked = { language: language === 'shell' ? 'shellscript' : 'yaml', around: { gpus: 2 } };
    expect(judged(text, asked)).toHaveLength(1);
    expect(findings(text, asked).filter(({ weight }) => weight !== 'hint')).toEqual([]);
  });
});

test.each(snippets('jsonl'))('JSONL: %s is a record of its form, without faults', (_, text) => {
  const record = JSON.parse(text) as RawRecord;
  const form = formOf(record);
  const read = form?.read(record);
  expect(typeof read).toBe('object');
  expect(typeof read === 'object' && form?.stumbles(record, read)).toEqual([]);
});

test.each(snippets('jinja'))('Jinja: %s has no faults', (_, text) => {
  expect(checkTemplate(text, templateKind(text).known)).toEqual([]);
});

test('Python: each snippet holds a reward that is found', () => {
  const all = snippets('python');
  const code = [
    'import sys, json',
    'from grpo_lens.find import find',
    'print(json.dumps([find(text, "snippet.py") for text in json.load(sys.stdin)]))',
  ].join('\n');
  const env = { ...process.env, PYTHONPATH: join(process.cwd(), 'python') };
  const input = JSON.stringify(all.map(([, text]) => text));
  const { stdout, stderr } = spawnSync('python3', ['-c', code], { input, encoding: 'utf8', env });
  expect(stderr).toBe('');
  const found = JSON.parse(stdout) as { rewards: readonly unknown[]; broken?: unknown }[];
  expect(found).toHaveLength(all.length);
  for (const { rewards, broken } of found) {
    expect(broken).toBeUndefined();
    expect(rewards.length).toBeGreaterThan(0);
  }
});
