import type { Scan } from './scan';
import type { Part, Use } from './token';

const NAME = /[A-Za-z_]\w*|[0-9]|[@*#?$!-]/y;
const BRACED = /[A-Za-z_]\w*|[@*0-9]/y;
const PLAIN = /[^\s\\'"$`;&|<>()]+/y;
const QUOTED = /[^"\\$`\n]+/y;
const LINE_END = /\\?\r?\n/y;
const ASSIGNS = /^:?[-=]/;
const REQUIRES = /^:?\?/;
const ELEMENTS = /^\[[@*]\]/;
const SPECIAL = /[\\'"$`]/;
const BLANKS = /[\s;&|<>()]+/y;

/** Parts on their way into a word: most words have one or two, and an array that grows takes room for many. */
const made: Part[] = [];

/** What was made since then, in an array of its length. */
function taken(first: number): Part[] {
  const parts = made.slice(first);
  made.length = first;
  return parts;
}

/** `$…` at the scan's place as one part. */
function dollar(scan: Scan, quoted: boolean): Part {
  const start = scan.at;
  if (scan.starts('$((')) return arithmetic(scan, quoted);
  if (scan.starts('$(')) return skip(scan, quoted, scan.closing('(', ')', start + 2));
  if (scan.starts('${')) return braces(scan, quoted);
  scan.at++;
  const name = scan.match(NAME);
  if (name === undefined) return { kind: 'literal', text: '$', span: { start, end: scan.at }, quoted };
  scan.at += name.length;
  return { kind: 'variable', span: { start, end: scan.at }, quoted, ...argumentsIn(name, quoted) };
}

/** `$@`, and `$*` outside of quotes, stand for all arguments, each a word of its own. */
function argumentsIn(name: string, quoted: boolean): { readonly name: string; readonly use: Use } {
  return name === '@' || (name === '*' && !quoted) ? { name: '@', use: { all: true } } : { name, use: {} };
}

function skip(scan: Scan, quoted: boolean, close: number, start = scan.at): Part {
  scan.at = close < 0 ? lineEnd(scan) : close + 1;
  return { kind: 'unknown', span: { start, end: scan.at }, quoted };
}

function lineEnd(scan: Scan): number {
  const at = scan.text.indexOf('\n', scan.at);
  return at < 0 || at > scan.end ? scan.end : at;
}

function arithmetic(scan: Scan, quoted: boolean): Part {
  const start = scan.at;
  const close = scan.find('))', start + 3);
  if (close < 0) return skip(scan, quoted, -1);
  scan.at = close + 2;
  return { kind: 'arithmetic', text: scan.text.slice(start + 3, close), span: { start, end: scan.at } };
}

function braces(scan: Scan, quoted: boolean): Part {
  const start = scan.at;
  const close = scan.closing('{', '}', start + 2);
  if (close < 0) return skip(scan, quoted, -1);
  scan.at += 2;
  const name = scan.match(BRACED);
  if (name === undefined || scan.at + name.length > close) return skip(scan, quoted, close, start);
  const all = argumentsIn(name, quoted);
  const rest = scan.text.slice(scan.at + name.length, close);
  const use = all.use.all ? argumentsUse(scan, rest, close) : useOf(scan, rest, close);
  scan.at = close + 1;
  return { kind: 'variable', name: all.name, span: { start, end: scan.at }, quoted, use };
}

/** The arguments count from 1. */
function argumentsUse(scan: Scan, rest: string, close: number): Use {
  return ASSIGNS.test(rest) ? { all: true, ...useOf(scan, rest, close) } : elementsUse(rest, 1);
}

function useOf(scan: Scan, rest: string, close: number): Use {
  if (rest === '') return {};
  if (ELEMENTS.test(rest)) return elementsUse(rest.slice(3), 0);
  if (REQUIRES.test(rest)) return { required: true };
  const [operator] = ASSIGNS.exec(rest) ?? [];
  if (operator === undefined) return { changed: true };
  const from = close - rest.length + operator.length;
  return { fallback: partsBetween(scan, from, close), emptyToo: operator.startsWith(':') };
}

/** `:2` leaves out the elements before it. */
function elementsUse(rest: string, first: number): Use {
  if (rest === '') return { all: true };
  const from = Number(/^:(\d+)$/.exec(rest)?.[1] ?? NaN) - first;
  return from >= 0 ? { all: true, from } : { all: true, changed: true };
}

/** The parts of a default inside `${…}`: quotes still count, blanks do not end it. */
function partsBetween(scan: Scan, from: number, to: number): Part[] {
  const text = scan.text.slice(from, to);
  if (!SPECIAL.test(text))
    return text === '' ? [] : [{ kind: 'literal', text, span: { start: from, end: to }, quoted: false }];
  const inner = scan.inside(from, to);
  const first = made.length;
  while (!inner.done) {
    const continued = inner.match(LAST_BACKSLASH);
    const blank = inner.match(BLANKS);
    if (continued !== undefined) inner.at += continued.length;
    else if (blank === undefined) makeParts(inner);
    else {
      const span = { start: inner.at, end: inner.at + blank.length };
      made.push({ kind: 'literal', text: blank, span, quoted: false });
      inner.at += blank.length;
    }
  }
  return taken(first);
}

function single(scan: Scan): Part {
  const start = scan.at;
  const found = scan.text.indexOf("'", start + 1);
  const close = found < 0 || found >= scan.end ? -1 : found;
  const end =
    close < 0 || (!scan.multiline && scan.text.slice(start, close).includes('\n')) ? unclosed(scan, start) : close;
  scan.at = end === close ? close + 1 : end;
  return { kind: 'literal', text: scan.text.slice(start + 1, end), span: { start: start + 1, end }, quoted: true };
}

/** Ends a quote that nobody closed at its line's end, a continuation left out; says so. */
function unclosed(scan: Scan, start: number): number {
  const line = scan.text.slice(start, lineEnd(scan));
  const end = start + line.replace(/\s*\\?\r?$/, '').length;
  scan.note('unclosed-quote', start, end, `This ${line.charAt(0)} is not closed on its line.`);
  return Math.max(end, start + 1);
}

function double(scan: Scan): void {
  const open = scan.at;
  const first = made.length;
  scan.at++;
  while (scan.char !== '"') {
    const start = scan.at;
    if (scan.done || (!scan.multiline && scan.match(LINE_END) !== undefined)) return recover(scan, open, first);
    if (scan.char === '$') made.push(dollar(scan, true));
    else if (scan.char === '`') made.push(skip(scan, true, scan.find('`', start + 1)));
    else made.push({ kind: 'literal', text: quotedText(scan), span: { start, end: scan.at }, quoted: true });
  }
  scan.at++;
  if (made.length === first)
    made.push({ kind: 'literal', text: '', span: { start: open + 1, end: open + 1 }, quoted: true });
}

function recover(scan: Scan, open: number, first: number): void {
  scan.at = open;
  const end = unclosed(scan, open);
  scan.at = end;
  const kept = taken(first).filter((part) => part.span.end <= end);
  if (kept.length === 0) made.push({ kind: 'literal', text: '', span: { start: open + 1, end }, quoted: true });
  for (const part of kept) made.push(part);
}

function quotedText(scan: Scan): string {
  if (scan.char === '\\') {
    const next = scan.peek();
    scan.at += next === '' ? 1 : 2;
    if (next === '\n') return '';
    return '"\\$`'.includes(next) && next !== '' ? next : `\\${next}`;
  }
  const plain = scan.match(QUOTED) ?? scan.char;
  scan.at += plain.length;
  return plain;
}

/** The parts of one word, up to a blank or an operator. */
export function wordParts(scan: Scan): Part[] {
  const first = made.length;
  makeParts(scan);
  return taken(first);
}

function makeParts(scan: Scan): void {
  while (!scan.done && !ENDS.test(scan.char) && makeHere(scan));
}

const ENDS = /[\s;&|<>()]/;
const LAST_BACKSLASH = /\\[ \t]*\r?(\n|$)/y;

/** Makes what stands at the scan's place; false at a backslash that ends the line. */
function makeHere(scan: Scan): boolean {
  if (scan.char === '"') double(scan);
  else if (scan.char === '\\' && scan.match(LAST_BACKSLASH) !== undefined) return false;
  else made.push(partHere(scan));
  return true;
}

function partHere(scan: Scan): Part {
  const start = scan.at;
  switch (scan.char) {
    case "'":
      return single(scan);
    case '`':
      return skip(scan, false, scan.find('`', start + 1));
    case '$':
      if (!scan.starts("$'")) return dollar(scan, false);
      scan.at++;
      return single(scan);
    case '\\': {
      scan.at += 2;
      const span = { start, end: scan.at };
      return { kind: 'literal', text: scan.text.slice(start + 1, scan.at), span, quoted: true };
    }
    default: {
      const text = scan.match(PLAIN) ?? scan.char;
      scan.at += text.length;
      return { kind: 'literal', text, span: { start, end: scan.at }, quoted: false };
    }
  }
}
