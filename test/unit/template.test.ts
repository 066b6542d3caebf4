import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkTemplate, render, variablesAt } from '../../src/domain/dataset/template';
import { templateKind } from '../../src/domain/frameworks/templates';

const vqa = readFileSync('examples/easyr1-vqa/utils/format_prompt/vqa.jinja', 'utf8');

test('the VQA template, filled with a real question', () => {
  const kind = templateKind(vqa);
  expect(checkTemplate(vqa, kind.known)).toEqual([]);
  const values = { values: { content: '  <image> is there evidence of an aortic aneurysm?\n' } };
  expect(render(vqa.trim(), values)).toEqual({
    text: [
      '<image> is there evidence of an aortic aneurysm?',
      '',
      'Your task:',
      '1. Think through the question step by step, enclose your reasoning process in <think>...</think> tags.',
      '2. Then provide the correct answer inside <answer>...</answer> tags.',
      '3. No extra information or text outside of these tags.',
    ].join('\n'),
  });
});

/** Expected texts are those of Python's jinja2 3.1 with its defaults. */
test.each([
  ['{% if content %}\nyes\n{% endif %}\nend\n', '\nyes\n\nend'],
  ['  {% for n in [1, 2] %}{{ n }}{% if not loop.last %}, {% endif %}{% endfor %}', '  1, 2'],
  ['{{ content | upper }} {{ content | length }}', 'QUESTION 8'],
  ['{{ missing }}.', '.'],
  ['{%- set x = 3 -%} {{ x * 2 }}', '6'],
])('%j', (text, expected) => {
  expect(render(text, { values: { content: 'question' } })).toEqual({ text: expected });
});

test('what stops a template is a sentence', () => {
  expect(render('{{ raise_exception("no images") }}', { values: {} })).toEqual({ why: 'no images.' });
  expect(render('{% if %}', { values: {} })).toHaveProperty('why');
});

/** The places of the findings as the text that they stand on. */
test.each([
  ['{{ contnet | trim }}', ['contnet'], '“contnet” is not set; the template is given content.'],
  ['{{ content ', ['{{'], 'This “{{” is not closed by “}}”.'],
  ['a {% if content %} b', ['{% if content %}'], '“if” is not closed by “endif”.'],
  ['{% for x in content %}{% endif %}', ['{% endif %}'], '“endif” stands where “endfor” is due.'],
  ['{% endif %}', ['{% endif %}'], '“endif” closes nothing.'],
  ['{% else %}', ['{% else %}'], '“else” stands in no block.'],
  ['{{ }}', ['{{ }}'], 'This tag is empty.'],
  ['{{ content | }}', ['{{ content | }}'], 'This tag cannot be read'],
  [
    '{% set n = 1 %}{{ n }}{% for c, d in content %}{{ c.x }}{{ loop.index }}{% endfor %}{{ c2 }}',
    ['c2'],
    '“c2” is not set',
  ],
  ['{{ content.missing["key"] }}{{ "word" }}{{ content is defined }}{{ content | replace("a", "b") }}', [], ''],
])('%s', (text, places, sentence) => {
  const findings = checkTemplate(text, ['content']);
  expect(findings.map(({ span }) => text.slice(span.start, span.end))).toEqual(places);
  expect(findings[0]?.text ?? '').toContain(sentence);
});

/** What may be written at the `|`. */
test.each([
  ['{{ | }}', ['content']],
  ['{{|', ['content']],
  ['{%- if co|', ['content']],
  ['{{ content }} and |', []],
  ['{{ content.| }}', []],
  ['{{ content ¦ tr|', []],
  ['{{ content.replace("a| }}', []],
  ['{% set n = 1 %}{% for c in content %}{{ | }}', ['content', 'n', 'c']],
])('variables are suggested in %s', (text, expected) => {
  const offset = text.indexOf('|');
  expect(variablesAt(text.replace('|', '').replace('¦', '|'), offset, ['content'])).toEqual(expected);
});

test('a chat template is known by its variables', () => {
  const text =
    "{% for m in messages %}<|{{ m.role }}|>{{ m['content'] }}{{ eos_token }}{% endfor %}{% if add_generation_prompt %}<|a|>{% endif %}";
  const kind = templateKind(text);
  expect(checkTemplate(text, kind.known)).toEqual([]);
  const record = { messages: [{ role: 'user', content: 'Hi' }], images: [], videos: [], audios: [], columns: {} };
  expect(render(text, kind.valuesFor(record))).toEqual({ text: '<|user|>Hi<|a|>' });
});
