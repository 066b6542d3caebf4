import type { Tick } from '../dialect';
import { wordParts } from './parts';
import type { Scan } from './scan';
import type { Assignment, Part, RedirectToken, Token, WordToken } from './token';

const BLANK = /[ \t]+|\\\r?\n/y;
const BROKEN = /\\[ \t]+\r?(?=\n)/y;
const OPERATOR = /\r?\n|&&|\|\||;;&?|;&|\|&|[;&|()]/y;
const REDIRECT = /&>>|&>|<<<|<<-|<<|<>|>>|>\||[<>]&|[<>]/y;
/** `<node_ip>` in a template: a redirection to the shell, a blank to fill in for people. */
const PLACEHOLDER = /<[A-Za-z][\w-]*>(?=[\s;&|)]|$)/y;
const HEREDOC = /^<<-?$/;

/** Reads tokens up to the first line end, or the end of the text, between two tokens with no document waiting. */
export function lexStretch(scan: Scan, tick?: Tick): Token[] {
  const tokens: Token[] = [];
  const waiting: Heredoc[] = [];
  const from = scan.at;
  while (!scan.done && (scan.at === from || waiting.length > 0 || scan.text.charAt(scan.at - 1) !== '\n')) {
    tick?.();
    if (blank(scan)) continue;
    const token = next(scan);
    if (token.kind === 'redirect' && token.word && HEREDOC.test(token.text)) waiting.push({ token, at: tokens.length });
    tokens.push(token);
    if (token.kind === 'operator' && token.text === '\n') readHeredocs(scan, waiting.splice(0), tokens);
  }
  if (waiting.length > 0) scan.notFound();
  return tokens;
}

function blank(scan: Scan): boolean {
  if (!' \t\\'.includes(scan.char)) return false;
  const space = scan.match(BLANK);
  if (space !== undefined) {
    scan.at += space.length;
    return true;
  }
  const broken = scan.match(BROKEN);
  if (broken === undefined) return false;
  scan.findings.push({
    span: { start: scan.at, end: scan.at + broken.length },
    weight: 'error',
    rule: 'broken-continuation',
    text: 'A blank follows this backslash, so the shell ends the command here: the lines below are not passed on.',
    fixes: [
      {
        title: 'Delete the blank',
        changes: [{ span: { start: scan.at + 1, end: scan.at + broken.length }, text: '' }],
      },
    ],
  });
  scan.at += broken.length + 1;
  return true;
}

function next(scan: Scan): Token {
  const start = scan.at;
  if (scan.char === '#') {
    const end = scan.text.indexOf('\n', start);
    scan.at = end < 0 || end > scan.end ? scan.end : end;
    return { kind: 'comment', span: { start, end: scan.at } };
  }
  if (!'<>&|;()\r\n'.includes(scan.char)) return word(scan);
  const blank = scan.match(PLACEHOLDER);
  if (blank !== undefined) {
    scan.at += blank.length;
    const span = { start, end: scan.at };
    return { kind: 'word', span, parts: [{ kind: 'literal', text: blank, span, quoted: true }] };
  }
  const redirect = scan.match(REDIRECT);
  if (redirect !== undefined) return redirection(scan, redirect);
  const operator = scan.match(OPERATOR);
  if (operator !== undefined) {
    scan.at += operator.length;
    return { kind: 'operator', span: { start, end: scan.at }, text: operator.endsWith('\n') ? '\n' : operator };
  }
  return word(scan);
}

function redirection(scan: Scan, text: string): RedirectToken {
  const start = scan.at;
  scan.at += text.length;
  while (scan.char === ' ' || scan.char === '\t') scan.at++;
  const bare = scan.done || /[\s;&|<>()]/.test(scan.char);
  if (bare && scan.char === '(') {
    const close = scan.closing('(', ')', scan.at + 1);
    scan.at = close < 0 ? scan.end : close + 1;
  }
  if (bare) return { kind: 'redirect', span: { start, end: scan.at }, text };
  const from = scan.at;
  const parts = wordParts(scan);
  if (scan.at === from) scan.at++;
  const target: WordToken = { kind: 'word', span: { start: from, end: scan.at }, parts };
  return { kind: 'redirect', span: { start, end: scan.at }, text, word: target };
}

const ARRAY = /^[A-Za-z_]\w*\+?=$/;

function word(scan: Scan): Token {
  const start = scan.at;
  const parts = wordParts(scan);
  if (scan.at === start) scan.at++;
  if (scan.at === start + 1 && /\d[<>]/.test(scan.text.slice(start, scan.at + 1))) return next(scan);
  const assigns = assignmentOf(parts);
  if (!assigns) return { kind: 'word', span: { start, end: scan.at }, parts };
  const array = scan.char === '(' && ARRAY.test(scan.text.slice(start, scan.at)) ? elements(scan) : undefined;
  const span = { start, end: scan.at };
  return array ? { kind: 'word', span, parts, assigns, array } : { kind: 'word', span, parts, assigns };
}

const ASSIGNMENT = /^([A-Za-z_]\w*)(\+?)=/;

/** `NAME=…` as a word; undefined for every other word. */
function assignmentOf([head, ...rest]: readonly Part[]): Assignment | undefined {
  if (head?.kind !== 'literal' || head.quoted) return undefined;
  const [written, name = '', plus] = ASSIGNMENT.exec(head.text) ?? [];
  if (written === undefined) return undefined;
  const appends = plus === '+';
  if (written.length === head.text.length) return { name, appends, parts: rest };
  const span = { start: head.span.start + written.length, end: head.span.end };
  const tail = { kind: 'literal', text: head.text.slice(written.length), span, quoted: false } as const;
  return { name, appends, parts: [tail, ...rest] };
}

function elements(scan: Scan): WordToken[] {
  const words: WordToken[] = [];
  scan.at++;
  while (!scan.done && scan.char !== ')') {
    if (blank(scan)) continue;
    const token = next(scan);
    if (token.kind === 'word') words.push(token);
  }
  if (scan.done) scan.notFound();
  scan.at++;
  return words;
}

interface Heredoc {
  readonly token: RedirectToken;
  readonly at: number;
}

function readHeredocs(scan: Scan, waiting: readonly Heredoc[], tokens: Token[]): void {
  for (const { token, at } of waiting) {
    const word = token.word;
    const name = (word?.parts ?? []).map((part) => (part.kind === 'literal' ? part.text : '')).join('');
    const expands = !(word?.parts ?? []).some((part) => part.kind === 'literal' && part.quoted);
    const start = scan.at;
    const end = bodyEnd(scan, name, token.text === '<<-');
    tokens[at] = { ...token, body: { span: { start, end }, expands } };
  }
}

/** Moves past the line that ends the document; where there is none the document runs to the end. */
function bodyEnd(scan: Scan, name: string, tabs: boolean): number {
  while (!scan.done) {
    const found = scan.text.indexOf('\n', scan.at);
    const lineEnd = found < 0 || found > scan.end ? scan.end : found;
    const line = scan.text.slice(scan.at, lineEnd).replace(/\r$/, '');
    const start = scan.at;
    scan.at = Math.min(lineEnd + 1, scan.end);
    if ((tabs ? line.replace(/^\t+/, '') : line) === name) return start;
  }
  scan.notFound();
  return scan.end;
}
