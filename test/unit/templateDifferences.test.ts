import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { differences } from '../../src/domain/dataset/templateDifferences';

it.each([
  ['{{ content | trim }}', []],
  ['{% for m in messages %}{{ m["role"] }}: {{ m.content }}{% endfor %}', []],
  ['{% if x is defined %}a{% endif %}', []],
  ['{{ x is string }}', ['Python writes True']],
  ['{{ d.items() }}', ['Python writes lists and pairs']],
  ['{{ tools | tojson }}', ['jinja2’s own tojson']],
  ['{{ -7 % 3 }}', ['The remainder']],
  ['{{ s | wordcount }}', ['Python knows the filter wordcount']],
  ['{% raw %}{{ x }}{% endraw %}', ['Python knows {% raw %}']],
])('%s', (template, expected) => {
  const found = differences(template);
  expect(found).toHaveLength(expected.length);
  expected.forEach((start, at) => expect(found[at]).toContain(start));
});

it('the example of EasyR1 comes out the same', () => {
  expect(differences(readFileSync('examples/easyr1-vqa/utils/format_prompt/vqa.jinja', 'utf8'))).toEqual([]);
});
