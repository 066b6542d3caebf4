import type { Finding } from '../config/finding';
import { Problem } from '../problem';
import type { Sheet } from '../config/sheet';
import type { Grammars, Reader, Tick } from './dialect';
import { call } from './call';
import { markdown } from './markdown';
import { shell } from './shell';
import { yaml } from './yaml';

/** Every reader of configurations. */
const readers: readonly Reader[] = [shell, yaml, call, markdown];

/** Language ids of the documents that hold settings. */
export const languages: readonly string[] = readers.flatMap((reader) => reader.languages);

const ENDINGS: Readonly<Record<string, string>> = {
  sh: 'shellscript',
  bash: 'shellscript',
  yaml: 'yaml',
  yml: 'yaml',
  json: 'yaml',
  py: 'python',
  md: 'markdown',
};

/** The language that a file's name tells; JSON reads as the YAML that it is. */
export function languageOf(path: string): string | undefined {
  return ENDINGS[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''];
}

/** Longer texts are coloured, not read. */
const TOO_LONG = 5_000_000;

/** Longer JSON is data, not a configuration. */
const LONG_JSON = 100_000;

const MARKER = /^(<{7}|={7}|>{7})( .*)?$/gm;

/** What a document says, and what is wrong with it as a whole. */
export interface Reading {
  readonly sheets: readonly Sheet[];
  readonly findings: readonly Finding[];
}

/** Reads a document of any of our languages. Never throws on what the text says. */
export function readDocument(language: string, text: string, grammars: Grammars | undefined, tick?: Tick): Reading {
  if (language.startsWith('json') && text.length > LONG_JSON) return { sheets: [], findings: [] };
  if (text.length > TOO_LONG) return { sheets: [], findings: [tooLong()] };
  const reader = readers.find((one) => one.languages.includes(language));
  if (!reader) return { sheets: [], findings: [] };
  const markers = [...text.matchAll(MARKER)].filter(([line]) => line !== '=======' || text.includes('<<<<<<< '));
  const clean = markers.length > 0 ? text.replace(MARKER, (line) => ' '.repeat(line.length)) : text;
  const ends = language === 'shellscript' ? windowsEnds(text) : [];
  const findings = [...ends, ...notText(text), ...markers.slice(0, 1).map(marker)];
  try {
    const sheets = reader.read(clean, grammars, tick);
    return { sheets, findings: [...findings, ...sheets.flatMap(({ around = [] }) => around)] };
  } catch (error) {
    if (error instanceof Problem && error.code === 'timeout') return { sheets: [], findings: [tooSlow(error.message)] };
    throw error;
  }
}

function windowsEnds(text: string): Finding[] {
  const at = text.indexOf('\r\n');
  const why = 'This script has Windows line ends: a shell takes the CR as part of the last word, and no line goes on.';
  return at < 0 ? [] : [{ span: { start: at, end: at + 1 }, weight: 'warning', rule: 'crlf', text: why }];
}

function tooSlow(text: string): Finding {
  return { span: { start: 0, end: 1 }, weight: 'hint', rule: 'too-slow', text };
}

/** Editors and readers put U+FFFD where bytes are no UTF-8. */
function notText(text: string): Finding[] {
  const at = text.indexOf('\uFFFD');
  const why = 'Bytes here are no UTF-8: save the file as UTF-8, or the program reads something else than you see.';
  return at < 0 ? [] : [{ span: { start: at, end: at + 1 }, weight: 'warning', rule: 'encoding', text: why }];
}

function tooLong(): Finding {
  const text = 'This file has more than 5 MB, so GRPO Lens does not check it.';
  return { span: { start: 0, end: 1 }, weight: 'hint', rule: 'too-long', text };
}

function marker(found: RegExpExecArray): Finding {
  const span = { start: found.index, end: found.index + found[0].length };
  return { span, weight: 'error', rule: 'merge-marker', text: 'A merge conflict is not resolved here.' };
}
