import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { render } from '../../src/domain/dataset/template';
import { differences } from '../../src/domain/dataset/templateDifferences';

const VALUES = { t: true, i: 3, s: "a'b", l: [1, 'x'], d: { a: 1, b: [2] }, e: '' };
const SAME = [
  '{{ s|upper }} {{ s|trim }}\n',
  '{{ i // 2 }} {{ i ** 2 }} {{ i / 2 }}',
  '{% for x in l %}{{ loop.index }}{{ x }}{% endfor %}',
  '{% if s is string and i > 2 %}a{% else %}b{% endif %}',
  '{{ s[::-1] }}{{ l[0] }}{{ e or "y" }}{{ s|default("x") }}',
  '{% set n = namespace(a=1) %}{% set n.a = 2 %}{{ n.a }}',
  '{{ s.strip() }}{{ s.replace("a", "b") }}{{ l|length }}{{ l|first }}',
  '{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(i) }}',
];
const OTHER = [
  '{{ s is string }}',
  '{{ d.items() }}',
  '{{ s|tojson }}',
  '{{ -7 % 3 }}',
  '{{ s|wordcount }}',
  '{% raw %}{{ x }}{% endraw %}',
];

const PYTHON = `
import json, sys, jinja2
templates, values = json.load(sys.stdin)
print(json.dumps([jinja2.Environment().from_string(one).render(**values) for one in templates]))`;

it('templates come out as in Python, or the difference is said', { timeout: 60_000 }, () => {
  const templates = [...SAME, ...OTHER];
  const input = JSON.stringify([templates, VALUES]);
  const { stdout } = spawnSync(process.env.GRPO_LENS_TEST_PYTHON ?? '', ['-c', PYTHON], { input, encoding: 'utf8' });
  const theirs = JSON.parse(stdout) as string[];
  templates.forEach((template, at) => {
    const ours = render(template, { values: VALUES });
    const same = 'text' in ours && ours.text === theirs[at];
    expect([template, same, differences(template).length > 0]).toEqual([template, at < SAME.length, at >= SAME.length]);
  });
});
