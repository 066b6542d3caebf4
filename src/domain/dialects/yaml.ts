import {
  LineCounter,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  parseAllDocuments,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import type { Finding, Span } from '../config/finding';
import type { Value } from '../config/parameter';
import type { Setting, Sheet } from '../config/sheet';
import type { Reader, Tick } from './dialect';
import { blocksOf, entriesIn, placed, type Block } from './yamlBlocks';

/** Deepest nesting that is followed. */
const DEEPEST = 40;

/** Indentation with tabs in it. */
const TABS = /^ *\t[ \t]*/gm;

type Parsed = Document.Parsed;

/** Files of settings: mappings read as dotted paths, half-written ones included. */
export const yaml: Reader = {
  languages: ['yaml', 'json', 'jsonc'],
  read(written, _grammars, tick) {
    const text = written.replace(TABS, (tabs) => ' '.repeat(tabs.length));
    const cut = inBlocks(text, tick);
    if (cut) return [sheet(cut.settings, { start: 0, end: text.length }, cut.findings)];
    return documentsOf(text, tick).map((document, at) => sheetOf(document, text, at === 0 ? tabs(written) : []));
  },
};

function documentsOf(text: string, tick?: Tick): Parsed[] {
  const documents = parseAllDocuments(text, {
    uniqueKeys: false,
    strict: false,
    prettyErrors: false,
    logLevel: 'silent',
    ...(tick ? { lineCounter: new Ticking(tick) } : {}),
  });
  return Array.isArray(documents) ? (documents as Parsed[]) : [];
}

/** The parser counts lines as it goes: the place to ask whether it takes too long. */
class Ticking extends LineCounter {
  constructor(tick: Tick) {
    super();
    this.addNewLine = () => {
      tick();
      return 0;
    };
  }
}

/** What one block says, places counted from its start. */
interface BlockRead {
  readonly settings: readonly Setting[];
  readonly findings: readonly Finding[];
}

/** Blocks that were read before, the newest last: what did not change is not read again. */
const memory = new Map<string, BlockRead | null>();
const MOST_BLOCKS = 600;

/** The settings of one block, null where it cannot be read by itself. */
function readBlock(text: string): BlockRead | null {
  const known = memory.get(text);
  if (known !== undefined) return known;
  const read = parseBlock(text);
  if (memory.size >= MOST_BLOCKS) for (const old of [...memory.keys()].slice(0, MOST_BLOCKS / 2)) memory.delete(old);
  memory.set(text, read);
  return read;
}

function parseBlock(text: string): BlockRead | null {
  const [document, ...more] = documentsOf(text);
  if (!document || more.length > 0) return null;
  const entries = document.errors.length > 0 ? (entriesIn(text) ?? []) : [];
  const middle = entries[Math.floor(entries.length / 2)];
  if (middle && middle.start > 0) return inHalves(text, middle.start);
  if (document.contents !== null && !isMap(document.contents)) return null;
  const settings: Setting[] = [];
  if (isMap(document.contents)) collect(document.contents.items, '', settings, document);
  return { settings, findings: document.errors.map((error) => syntax(error.message, error.pos, text)) };
}

/** A block with an error in it, cut until one entry has it: the others stand. */
function inHalves(text: string, middle: number): BlockRead | null {
  const [before, after] = [readBlock(text.slice(0, middle)), readBlock(text.slice(middle))];
  if (before === null || after === null) return null;
  return {
    settings: [...before.settings, ...placed(after.settings, { prefix: '', start: middle })],
    findings: [...before.findings, ...movedFindings(after.findings, middle)],
  };
}

function movedFindings(findings: readonly Finding[], by: number): Finding[] {
  return findings.map((one) => ({ ...one, span: { start: one.span.start + by, end: one.span.end + by } }));
}

/** Reads block by block; undefined where the text must be read as a whole. */
function inBlocks(text: string, tick?: Tick): BlockRead | undefined {
  const settings: Setting[] = [];
  const findings: Finding[] = [];
  for (const block of blocksOf(text) ?? [null]) {
    tick?.();
    if (block?.section) {
      settings.push(heading(block, block.section));
      continue;
    }
    const read = block && readBlock(text.slice(block.start, block.end));
    if (block === null || read === null) return undefined;
    settings.push(...placed(read.settings, block));
    findings.push(...movedFindings(read.findings, block.start));
  }
  return { settings, findings };
}

function heading({ end }: Block, { path, key, bodyEnd }: NonNullable<Block['section']>): Setting {
  return { path, key, section: true, valueSpan: { start: end, end: bodyEnd } };
}

function sheet(settings: readonly Setting[], span: Span, findings: readonly Finding[]): Sheet {
  return { dialect: 'yaml', span, command: [], settings, environment: [], positional: [], findings };
}

function sheetOf(document: Parsed, text: string, findings: readonly Finding[]): Sheet {
  const [start = 0, , end = text.length] = document.range;
  const settings: Setting[] = [];
  if (isMap(document.contents)) collect(document.contents.items, '', settings, document);
  const errors = document.errors.map((error) => syntax(error.message, error.pos, text));
  const whole = sheet(settings, { start, end }, [...findings, ...errors]);
  return errors.some(({ text: said }) => UNCLOSED.test(said)) ? { ...whole, open: true } : whole;
}

/** Tabs count as blanks while reading on; YAML itself refuses them. */
function tabs(text: string): Finding[] {
  const found = /^ *(\t+)/m.exec(text);
  if (!found) return [];
  const span = { start: found.index, end: found.index + found[0].length };
  return [{ span, weight: 'error', rule: 'syntax', text: 'YAML takes no tabs for indentation: use spaces.' }];
}

const UNCLOSED = /Missing closing (["'])quote/;

function syntax(message: string, [start, end]: readonly [number, number], text: string): Finding {
  const quote = UNCLOSED.exec(message)?.[1];
  const open = quote === undefined ? -1 : text.lastIndexOf(quote, start - 1);
  const span =
    open < 0
      ? { start: Math.min(start, Math.max(0, text.length - 1)), end: Math.max(end, start + 1) }
      : lineFrom(open, text);
  return { span, weight: 'error', rule: 'syntax', text: `YAML: ${message.replace(/\.?$/, '.')}` };
}

/** From a quote that nobody closes to the end of its line: what follows was not meant to be in it. */
function lineFrom(start: number, text: string): Span {
  const end = text.indexOf('\n', start);
  return { start, end: end < 0 ? text.length : end };
}

function spanOf(node: Node): Span | undefined {
  return node.range ? { start: node.range[0], end: node.range[1] } : undefined;
}

function collect(items: readonly unknown[], prefix: string, settings: Setting[], document: Parsed): void {
  if (prefix.split('.').length > DEEPEST) return;
  for (const item of items) {
    if (!isPair(item)) continue;
    const { key, value } = item as Pair<unknown, unknown>;
    const span = isScalar(key) ? spanOf(key) : undefined;
    if (!isScalar(key) || span === undefined || span.start === span.end) continue;
    const path = `${prefix}${String(key.value)}`;
    if (isMap(value) && value.items.length > 0) {
      const whole = spanOf(value);
      settings.push({ path, key: span, section: true, ...(whole ? { valueSpan: whole } : {}) });
      collect(value.items, `${path}.`, settings, document);
    } else settings.push(setting(path, span, value, document));
  }
}

function setting(path: string, key: Span, value: unknown, document: Parsed): Setting {
  const node = isAlias(value) ? value.resolve(document) : value;
  const place = isAlias(value) ? value : node;
  const valueSpan = isNode(place) ? spanOf(place) : undefined;
  if (isScalar(node)) {
    const empty = valueSpan === undefined || valueSpan.start === valueSpan.end;
    const typed = scalarValue(node.value);
    if (empty) return { path, key, value: null };
    return { path, key, valueSpan, value: typed, text: node.source ?? String(node.value) };
  }
  const found = isMap(node) || isSeq(node) ? (node.toJS(document, { maxAliasCount: 100 }) as Value) : undefined;
  return {
    path,
    key,
    ...(valueSpan ? { valueSpan } : {}),
    ...(found === undefined ? {} : { value: found, text: JSON.stringify(found) }),
    ...(isSeq(node) ? { items: node.items.flatMap(element) } : {}),
  };
}

function element(item: unknown): { readonly text?: string; readonly span: Span }[] {
  const span = isNode(item) ? spanOf(item) : undefined;
  if (!span) return [];
  return [isScalar(item) ? { span, text: String(item.value) } : { span }];
}

function isNode(value: unknown): value is Node {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
}

/** YAML 1.1 readers take `1e-6` for a text; the frameworks convert it by the field's type. */
function scalarValue(value: unknown): Value {
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  return String(value);
}
