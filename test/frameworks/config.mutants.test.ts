import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { languageOf } from '../../src/domain/dialects/all';
import type { Grammars } from '../../src/domain/dialects/dialect';
import type { Finding, Span } from '../../src/domain/config/finding';
import type { Judged } from '../../src/domain/language/resolve';
import { findings, judged, type Asked } from '../unit/check';
import { checkout, corpora, grammars as loaded } from './corpus/corpus';
import { mutants, replaced, ruleMutants } from './mutants';

interface Source {
  readonly framework: string;
  readonly path: string;
}

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? files(path) : [path];
  });
}

const examples = files(fileURLToPath(new URL('../../examples', import.meta.url)));
const sources: readonly Source[] = [
  ...examples.map((path) => ({ framework: 'examples', path })),
  ...corpora.flatMap((corpus) => {
    const folder = checkout(corpus);
    if (folder === undefined) return [];
    return Object.keys(corpus.files).map((path) => ({ framework: corpus.framework, path: join(folder, path) }));
  }),
].filter(({ path }) => ['shellscript', 'yaml', 'python'].includes(languageOf(path) ?? ''));

/** What came of the mutants of one kind. */
interface Sum {
  all: number;
  found: number;
  /** Misspellings whose first fix is the right one. */
  right: number;
  readonly missed: string[];
}

const sums = new Map<string, Sum>();
/** Scripts that add settings in one branch only: what is not set there cannot be known, so no rule can be broken for certain. */
const left: string[] = [];

function count(
  kind: string,
  source: Source,
  hit: { readonly found: boolean; readonly right: boolean; readonly what: string },
): void {
  for (const name of [`${source.framework} ${kind}`, `all ${kind}`]) {
    const sum = sums.get(name) ?? { all: 0, found: 0, right: 0, missed: [] };
    sums.set(name, sum);
    sum.all++;
    if (hit.found) sum.found++;
    else sum.missed.push(`${source.path}: ${hit.what}`);
    if (hit.right) sum.right++;
  }
}

const touches = ({ span }: Finding, other: Span): boolean => span.start <= other.end && other.start <= span.end;
const REMARKS = ['inert-key', 'deprecated-key', 'placeholder', 'duplicate-key'];

function mutate(source: Source, text: string, one: Judged, asked: Asked): void {
  for (const mutant of mutants(text, one)) {
    const said = findings(mutant.text, asked).filter((finding) => touches(finding, mutant.span));
    const hit = said.find(({ rule }) => !REMARKS.includes(rule));
    const [change] = hit?.fixes?.[0]?.changes ?? [];
    const mended = change && replaced(mutant.text, change.span, change.text);
    const what = mutant.text.slice(mutant.span.start, mutant.span.end);
    count(mutant.kind, source, {
      found: hit !== undefined,
      right: mended === text,
      what,
    });
  }
}

/** What starts a training, and peft's own call, have few rules, whose pairs stand in `test/unit/launchers.test.ts`. */
function breakRules(source: Source, text: string, one: Judged, asked: Asked): void {
  if (one.framework.id === 'own') return;
  if (!['flags', 'overrides', 'call'].includes(one.sheet.dialect) || one.sheet.commandSpan === undefined) return;
  const made = ruleMutants(text, one);
  if (made === 'open') return void left.push(source.path);
  for (const { rule, kept, broken, around } of made) {
    const rules = (whole: string): string[] => findings(whole, { ...asked, around }).map((finding) => finding.rule);
    const before = rules(kept);
    if (before.includes(rule)) continue;
    const after = rules(broken);
    const found = after.includes(rule) || after.length > before.length;
    count('rule', source, { found, right: after.includes(rule), what: rule });
  }
}

let grammars: Grammars;
beforeAll(async () => {
  grammars = await loaded();
});

describe('mutants of real configurations', () => {
  it('at least 98 % are found, and the right fix comes first in 95 % of misspellings', { timeout: 1_800_000 }, () => {
    for (const source of sources) {
      const text = readFileSync(source.path, 'utf8');
      const asked = { language: languageOf(source.path) ?? '', grammars };
      for (const one of judged(text, asked)) {
        if (one.framework.judges(one.sheet) !== 'all') continue;
        mutate(source, text, one, asked);
        breakRules(source, text, one, asked);
      }
    }
    const list = process.env['GRPO_LENS_MISSED'];
    if (list)
      writeFileSync(list, [...sums].flatMap(([name, { missed }]) => missed.map((one) => `${name} ${one}`)).join('\n'));
    console.log(`rules were not broken in ${left.length} scripts that leave settings open`);
    for (const [name, { all, found, right }] of sums)
      console.log(`${name}: ${found} of ${all} found, ${right} by name`);
    for (const kind of ['misspelt', 'choice', 'type', 'rule']) {
      const { all, found, missed } = sums.get(`all ${kind}`) ?? { all: 0, found: 0, missed: [] };
      expect(all, kind).toBeGreaterThan(30);
      expect(found / all, `${kind}\n${missed.join('\n')}`).toBeGreaterThanOrEqual(0.98);
    }
    const spelt = sums.get('all misspelt');
    expect((spelt?.right ?? 0) / (spelt?.all ?? 1)).toBeGreaterThanOrEqual(0.95);
  });
});
