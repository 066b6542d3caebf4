import type { Finding } from '../../finding';
import type { Tick } from '../dialect';
import { wordParts } from './parts';
import { Scan } from './scan';
import type { RedirectToken, Token, WordToken } from './token';

const BLANK = /[ \t]+|\\\r?\n/y;
const BROKEN = /\\[ \t]+\r?(?=\n)/y;
const OPERATOR = /\r?\n|&&|\|\||;;&?|;&|\|&|[;&|()]/y;
const REDIRECT = /&>>|&>|<<<|<<-|<<|<>|>>|>\||[<>]&|[<>]/y;
/** `<node_ip>` in a template: a redirection to the shell, a blank to fill in for people. */
const PLACEHOLDER = /<[A-Za-z][\w-]*>(?=[\s;&|)]|$)/y;
const HEREDOC = /^<<-?$/;

/** A shell text as tokens with their places. Never throws; what cannot be right is a finding. */
export function lex(
  text: string,
  tick?: Tick,
): { readonly tokens: readonly Token[]; readonly findings: readonly Finding[] } {
  const first = new Scan(text, true);
  const tokens = all(first, tick);
  if (!first.findings.some((finding) => finding.rule === 'unclosed-quote')) return { tokens, findings: first.findings };
  const second = new Scan(text, false);
  const recovered = all(second, tick);
  return { tokens: recovered, findings: second.findings };
}

function all(scan: Scan, tick?: Tick): Token[] {
  const tokens: Token[] = [];
  const waiting: Heredoc[] = [];
  while (!scan.done) {
    tick?.();
    if (blank(scan)) continue;
    const token = next(scan, tokens);
    if (token.kind === 'redirect' && token.word && HEREDOC.test(token.text)) waiting.push({ token, at: tokens.length });
    tokens.push(token);
    if (token.kind === 'operator' && token.text === '\n') readHeredocs(scan, waiting.splice(0), tokens);
  }
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

function next(scan: Scan, before: readonly Token[]): Token {
  const start = scan.at;
  if (scan.char === '#') {
    const end = scan.text.indexOf('\n', start);
    scan.at = end < 0 || end > scan.end ? scan.end : end;
    return { kind: 'comment', span: { start, end: scan.at } };
  }
  if (!'<>&|;()\r\n'.includes(scan.char)) return word(scan, before);
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
  return word(scan, before);
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

function word(scan: Scan, before: readonly Token[]): Token {
  const start = scan.at;
  const parts = wordParts(scan);
  if (scan.at === start) scan.at++;
  if (scan.at === start + 1 && /\d[<>]/.test(scan.text.slice(start, scan.at + 1))) return next(scan, before);
  if (scan.char === '(' && /^[A-Za-z_]\w*\+?=$/.test(scan.text.slice(start, scan.at))) {
    const array = elements(scan);
    return { kind: 'word', span: { start, end: scan.at }, parts, array };
  }
  return { kind: 'word', span: { start, end: scan.at }, parts };
}

function elements(scan: Scan): WordToken[] {
  const words: WordToken[] = [];
  scan.at++;
  while (!scan.done && scan.char !== ')') {
    if (blank(scan)) continue;
    const token = next(scan, []);
    if (token.kind === 'word') words.push(token);
  }
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
  return scan.end;
}
