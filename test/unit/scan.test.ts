import { describe, expect, it } from 'vitest';
import { anchorOf, escapedForms } from '../../src/machine/rollouts/escapes';
import { parseLine } from '../../src/machine/rollouts/json';
import { numberAt, Scanner, stringLength } from '../../src/machine/rollouts/scan';

/** The members that the scanner finds, parsed. */
function members(line: string): Record<string, unknown> | undefined {
  const bytes = Buffer.from(line);
  const found: Record<string, unknown> = {};
  const whole = new Scanner().members(bytes, 0, bytes.length, (key, start, end) => {
    found[key] = JSON.parse(bytes.toString('utf8', start, end));
  });
  return whole ? found : undefined;
}

describe('scanner', () => {
  const lines = [
    '{}',
    ' { "a" : 1 , "b":"x" } ',
    '{"a":"\\"","b":"\\\\","c":"\\\\\\""}',
    `{"long":"${'x'.repeat(100)}\\"${'y'.repeat(100)}\\\\","after":true}`,
    '{"nested":{"a":[1,{"b":"]}"}]},"list":[[],"}"],"n":null}',
    '{"schlüssel":"wört","emoji":"😀","esc\\u00e9":"\\ud83d\\ude00"}',
    '{"n":-1.5e-7,"m":12345678901234567890,"z":-0}',
  ];
  it.each(lines)('agrees with JSON.parse: %s', (line) => {
    expect(members(line)).toEqual(JSON.parse(line));
  });

  const broken = ['', 'null', '[1]', '{', '{"a":1', '{"a":"b', '{"a" 1}', '{"a":1}}', '{a:1}', 'not json', '{"a":}'];
  it.each(broken)('is no whole object: %s', (line) => {
    expect(members(line)).toBeUndefined();
  });

  it('knows keys by their order, and finds them when the order changes', () => {
    const scanner = new Scanner();
    const keys: string[] = [];
    for (const line of ['{"a":1,"b":2}', '{"b":2,"a":1}', '{"a":1,"c":3}']) {
      const bytes = Buffer.from(line);
      scanner.members(bytes, 0, bytes.length, (key) => keys.push(key));
    }
    expect(keys.join('')).toBe('abbaac');
  });

  const numbers = [
    '0',
    '-0',
    '1.0',
    '0.1',
    '-0.8827405571937561',
    '1e-5',
    '123456789012345678',
    '5e-324',
    '0.30000000000000004',
    '1E400',
  ];
  it.each(numbers)('reads %s as Number does', (text) => {
    expect(numberAt(Buffer.from(text), 0, text.length)).toBe(Number(text));
  });

  const texts = ['', 'plain', 'a "quoted" \\ text\n', 'wört 日本 😀', '\u0001\u2028', 'x'.repeat(300)];
  it.each(texts)('measures %j', (text) => {
    const escaped = JSON.stringify(text).replace(
      /[\u0080-\uffff]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    for (const json of [JSON.stringify(text), escaped]) {
      const bytes = Buffer.from(json);
      expect(stringLength(bytes, 0, bytes.length)).toBe(text.length);
    }
  });
});

describe('lines as Python writes them', () => {
  const cases: [string, unknown][] = [
    ['{"a":NaN,"b":"NaN: Infinity","c":-Infinity}', { a: 'nan', b: 'NaN: Infinity', c: '-inf' }],
    ['\uFEFF{"a":1}', { a: 1 }],
    ['[1]', undefined],
    ['{"a":', undefined],
    ['', undefined],
  ];
  it.each(cases)('%s', (line, record) => expect(parseLine(line)).toEqual(record));
});

describe('forms of a text', () => {
  const cases: [string, string[], string | undefined][] = [
    ['plain', ['plain'], 'plain'],
    ['réflexion', ['réflexion', 'r\\u00e9flexion', 'r\\u00E9flexion'], 'xion'],
    ['a "b"', ['a \\"b\\"'], undefined],
    ['<answer>3', ['<answer>3', '\\u003canswer\\u003e3'], 'wer'],
    ['1/2', ['1/2', '1\\/2'], undefined],
    ['日本', ['日本', '\\u65e5\\u672c', '\\u65E5\\u672C'], undefined],
  ];
  it.each(cases)('%s', (text, forms, anchor) => {
    expect(escapedForms(text)).toEqual(forms);
    expect(anchorOf(text)).toBe(anchor);
    if (anchor !== undefined) for (const form of forms) expect(form).toContain(anchor);
  });
});
