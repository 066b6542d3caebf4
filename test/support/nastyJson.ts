import { pick } from './dataRecords';
import type { Dice } from './dice';

/** A value as JSON, written as differently as JSON allows: spaces, escapes, and numbers in other words. */
export function nastyJson(value: unknown, roll: Dice): string {
  if (typeof value === 'string') return text(value, roll);
  if (typeof value === 'number') return number(value, roll);
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`;
  if (Array.isArray(value)) return `[${spaced(roll)}${value.map((item) => nastyJson(item, roll)).join(comma(roll))}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).map(
    ([key, inner]) => `${text(key, roll)}${spaced(roll)}:${nastyJson(inner, roll)}`,
  );
  if (entries.length > 0 && roll(40) === 0) entries.push(pick(roll, entries));
  return `{${spaced(roll)}${entries.join(comma(roll))}${spaced(roll)}}`;
}

function text(value: string, roll: Dice): string {
  const plain = JSON.stringify(value);
  if (roll(3) > 0) return plain;
  return plain.replace(/[a-z\u0080-\uffff]/g, (letter, at: number) =>
    roll(4) > 0 || plain[at - 1] === '\\' ? letter : `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function number(value: number, roll: Dice): string {
  const plain = JSON.stringify(value);
  if (roll(6) > 0 || /[.e]/.test(plain)) return plain;
  return pick(roll, [`${plain}.0`, `${plain}e0`, `${plain}E+0`, `${plain}.500`]);
}

function comma(roll: Dice): string {
  return pick(roll, [',', ', ', ' ,']);
}

function spaced(roll: Dice): string {
  return pick(roll, ['', '', '', ' ', '\t']);
}

/** Lines that are no records, or such as are read only with care. */
export const NASTY_LINES: readonly (string | Uint8Array)[] = [
  '',
  '  \t',
  'null',
  '[]',
  '{',
  '{"prompt":"a","answer":"b"',
  '{"prompt":"a" "answer":"b"}',
  '{"prompt":"tab\there","answer":"b"}',
  '{"prompt":"\\x","answer":"b"}',
  '{"prompt":"a","answer":01}',
  '{"prompt":"a","answer":1.}',
  '{"prompt":"a","answer":"b",}',
  '{"prompt":"a","answer":"b"} x',
  '\uFEFF{"prompt":"bom","answer":"b"}',
  '{"prompt":"a","answer":NaN}',
  '{"prompt":"a","answer":"b","id":-Infinity}',
  '{"prompt":"half \\ud83d of a pair","answer":"b"}',
  '{"prompt":"whole \\ud83d\\ude00 pair","answer":"b"}',
  '{"prompt":"a","answer":"b","__proto__":{"x":1}}',
  '{"prompt":"a","answer":"b","7":1,"2":2}',
  '{"prompt":"a","answer":"b","prompt":"c"}',
  '{"prompt":"a","answer":"b","meta":{"k":1,"k":2}}',
  '{"prompt":"a","answer":9007199254740993,"index":1e999}',
  '{"prompt":"a","answer":-0,"index":-0.0}',
  '{"prompt":"a","answer":123456789012345678901234567890}',
  '{"prompt":"a","answer":1e-7,"index":1E21}',
  '{"prompt":"a","answer":"b","meta":{},"id":[]}',
  '{"prompt":"a","answer":"b","meta":null,"id":[null]}',
  '{"prompt":"a","answer":"b","images":[{"bytes":"AAEC"}]}',
  '{"prompt":"<image><im<video>","answer":"b","images":"a.png","videos":["v.mp4"]}',
  '{"prompt":"<image>","answer":"b","image":{"path":"a.png"}}',
  '{"prompt":"","answer":"b"}',
  '{"prompt":"\\u0000\\u001f\\u007f\\u2028","answer":"\\/"}',
  '{"prompt":"\u0001aA","answer":"91782300"}',
  '{"messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image"}]}],"images":["a.png"]}',
  '{"messages":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],"solution":{"a":[1]}}',
  '{"prompt":[{"role":"user","content":"a","tool_calls":[{"a":[]}]}],"reward_model":{"style":"rule","ground_truth":"7"},"data_source":"x","extra_info":{"reward_model":1}}',
  '{"conversations":[{"from":"human","value":"<video> a"},{"from":"gpt","value":"b"}],"video":"a.mp4"}',
  Buffer.from([0x7b, 0x22, 0x70, 0xff, 0x22, 0x3a, 0x31, 0x7d]),
];
