import { expect, test } from 'vitest';
import type { Cause, Explained, TraceEvent } from '../../src/domain/rewards/explained';
import { columnOf, notesOf } from '../../src/domain/rewards/notes';

const FILE = '/rewards.py';

/** `line kind [name=]value[!outcome]` as an event of the only frame. */
function event(words: string): TraceEvent {
  const [, line = '', kind = '', name, value, truth] =
    /^(\d+) (\w+)(?: (?:(\w+)=)?([^!]*))?(?:!(.*))?$/.exec(words) ?? [];
  const place = { line: Number(line), col: 4, endLine: Number(line), endCol: 9, statement: Number(line) };
  return {
    ...{ frame: 1, kind, ...place },
    ...(name ? { name } : {}),
    ...(value ? { value } : {}),
    ...(truth ? { truth: truth === 'true' } : {}),
  };
}

function explained(events: readonly string[], why: Cause | null = null): Explained {
  const frames = [{ id: 1, function: 'reward', file: FILE, line: 1, parent: 0, arguments: {} }];
  return { row: 0, score: 0, frames, events: events.map(event), dropped: 0, why, regexes: [] };
}

function check(events: readonly string[], expected: Readonly<Record<number, string>>): void {
  const { lines } = notesOf(explained(events), FILE);
  expect(Object.fromEntries(lines.map(({ line, text }) => [line, text]))).toEqual(expected);
}

test('what happened in no sample’s turn is said to be of the whole batch', () => {
  const told = explained(['2 store most=9', '3 store share=1', '3 store share=2']);
  const events = told.events.map((one, at) => ({ ...one, shared: at < 2 }));
  expect(notesOf({ ...told, events }, FILE).lines.map(({ text }) => text)).toEqual([
    'most = 9 · whole batch',
    'share = 2 (×2)',
  ]);
  const listed = explained(['2 element 0.5', '2 return [0.1, 0.5]']);
  const [element, all] = listed.events;
  expect(
    element && all && notesOf({ ...listed, events: [element, { ...all, shared: true }] }, FILE).lines,
  ).toMatchObject([{ text: '→ 0.5' }]);
});

test('a short text beside each line', () => {
  check(['2 stmt', "2 store m='a'"], { 2: "m = 'a'" });
  check(['2 store a=1', '2 store b=2'], { 2: 'a = 1 · b = 2' });
  check(['3 test True!true', '3 branch !true'], { 3: '✓' });
  check(["3 test 'x'!true", '3 branch !true'], { 3: "✓ · test: 'x'" });
  check(['3 test False!false'], { 3: '✗' });
  check(['4 append 1.0'], { 4: '→ 1.0' });
  check(['5 return [1.0]'], { 5: '→ [1.0]' });
  check(['6 except ValueError: no'], { 6: 'caught ValueError: no' });
  check(['7 stmt', '7 iter'], {});
});

test('loops: the last value beside the line, the first and last iterations in the hover', () => {
  const steps = Array.from({ length: 10 }, (_, at) => `2 store n=${at}`);
  const { lines } = notesOf(explained(steps), FILE);
  expect(lines[0]?.text).toBe('n = 9 (×10)');
  expect(lines[0]?.history).toEqual([
    '1. n = 0',
    '2. n = 1',
    '3. n = 2',
    '4. n = 3',
    '5. n = 4',
    '… 3 more …',
    '9. n = 8',
    '10. n = 9',
  ]);
  expect(notesOf(explained(['2 store n=1', '2 store n=1']), FILE).lines[0]?.history).toEqual([]);
});

test('the statement that decided, and the test that led there, with its operands', () => {
  const leaf = { file: FILE, function: 'reward', from: [], missed: [] };
  const because = [{ how: 'in', line: 3, test: 'a and b', outcome: true }] as const;
  const inner: Cause = { ...leaf, line: 4, text: 'return 1.0', value: '1.0', because };
  const why: Cause = { ...leaf, line: 9, text: 'return [f(c)]', value: '1.0', because: [], from: [inner] };
  const notes = notesOf(explained(['3 operand True!true', '3 stmt', '4 stmt', '9 stmt'], why), FILE);
  expect(notes.deciding).toEqual({ line: 4, test: 3 });
  expect(notes.operands).toEqual([{ line: 3, endLine: 3, endCol: 9, value: 'True' }]);
  expect(notes.reached).toEqual([3, 4, 9]);
});

test('columns of Python are columns of the editor', () => {
  const check = (line: string, bytes: number, column: number): void => expect(columnOf(line, bytes)).toBe(column);
  check('abc', 2, 2);
  check('é = 1', 3, 2);
  check('"😀" + x', 6, 4);
  check('答 = 1', 3, 1);
});
