import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { languageOf } from '../../src/domain/dialects/all';
import type { Grammars } from '../../src/domain/dialects/dialect';
import type { Finding, Span } from '../../src/domain/finding';
import type { Judged } from '../../src/domain/language/resolve';
import { byPath } from '../../src/domain/language/catalogue';
import type { DialectId, Setting } from '../../src/domain/sheet';
import { loadGrammars } from '../../src/machine/grammars';
import { findings, judged } from '../unit/check';

/** GRPO_CORPUS names a folder with more scripts and files, such as those of the frameworks' own repositories. */
const folders = [
  fileURLToPath(new URL('../../examples', import.meta.url)),
  ...(process.env['GRPO_CORPUS'] ? [process.env['GRPO_CORPUS']] : []),
];

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return ['shellscript', 'yaml', 'python'].includes(languageOf(path) ?? '') ? [path] : [];
  });
}

interface Mutant {
  readonly kind: 'misspelt' | 'choice' | 'type';
  readonly text: string;
  readonly span: Span;
  /** What the first fix should put in its place. */
  readonly right?: string;
}

const replaced = (text: string, { start, end }: Span, by: string): string =>
  text.slice(0, start) + by + text.slice(end);

/** Two ways to misspell: a letter lost, two letters swapped. */
function misspelt(name: string): string[] {
  const at = Math.max(1, name.length - 3 - (name.length % 3));
  const swapped = name.slice(0, at) + name.charAt(at + 1) + name.charAt(at) + name.slice(at + 2);
  return [name.slice(0, at) + name.slice(at + 1), swapped].filter((other) => other !== name);
}

function mutants(text: string, { sheet, catalogue }: Judged): Mutant[] {
  const known = byPath(catalogue);
  return sheet.settings.flatMap((setting): Mutant[] => {
    const parameter = known.get(setting.path);
    const own = text.slice(setting.key.start, setting.key.end);
    const written = own.replace(/^--?/, '').split('.').at(-1) ?? '';
    if (!parameter || setting.section || setting.own || setting.prefix || written.length < 5 || !own.includes(written))
      return [];
    const keys = misspelt(written)
      .filter((name) => ![...known.keys()].some((other) => other.split('.').at(-1) === name))
      .map((name) => mutant(text, setting, { from: written, to: name }));
    return [...keys, ...values(text, setting, { ...parameter, dialect: sheet.dialect })];
  });
}

function mutant(text: string, { key }: Setting, { from, to }: { readonly from: string; readonly to: string }): Mutant {
  const start = text.lastIndexOf(from, key.end);
  return {
    kind: 'misspelt',
    text: replaced(text, { start, end: start + from.length }, to),
    span: { start: key.start, end: key.end + 1 },
    right: from,
  };
}

interface Valued {
  readonly dialect: DialectId;
  readonly type: { readonly kind: string };
  readonly choices?: readonly unknown[];
  readonly late?: boolean;
}

function values(text: string, setting: Setting, { dialect, type, choices, late }: Valued): Mutant[] {
  const { valueSpan, variable, items } = setting;
  if (!valueSpan || variable !== undefined || items || setting.value === undefined) return [];
  const quote = /["']/.exec(text.charAt(valueSpan.start))?.[0] ?? '';
  const marks = quote === '' && dialect === 'call' ? "'" : quote;
  const put = (value: string): string => replaced(text, valueSpan, `${marks}${value}${marks}`);
  const span = { start: valueSpan.start, end: valueSpan.end + 10 };
  if (choices && !late) return [{ kind: 'choice', text: put('nonsense'), span }];
  if (['int', 'float'].includes(type.kind)) return [{ kind: 'type', text: put('many'), span }];
  return [];
}

const touches = ({ span }: Finding, other: Span): boolean => span.start <= other.end && other.start <= span.end;

let grammars: Grammars;
beforeAll(async () => {
  grammars = await loadGrammars(
    fileURLToPath(new URL('../../node_modules/@vscode/tree-sitter-wasm/wasm', import.meta.url)),
  );
});

describe('mutants of real configurations', () => {
  it('at least 98 % are found, and the right fix comes first in 95 % of misspellings', () => {
    const found = { misspelt: 0, choice: 0, type: 0 };
    const all = { misspelt: 0, choice: 0, type: 0 };
    const missed: string[] = [];
    let right = 0;
    for (const path of folders.flatMap(files)) {
      const text = readFileSync(path, 'utf8');
      const language = languageOf(path) ?? '';
      for (const one of judged(text, { language, grammars })) {
        if (one.framework.judges(one.sheet) !== 'all') continue;
        for (const mutant of mutants(text, one)) {
          const said = findings(mutant.text, { language, grammars }).filter((finding) => touches(finding, mutant.span));
          const hit = said.find(({ rule }) => !['inert-key', 'deprecated-key', 'placeholder'].includes(rule));
          all[mutant.kind]++;
          if (hit) found[mutant.kind]++;
          else missed.push(`${path} ${mutant.kind} ${mutant.text.slice(mutant.span.start, mutant.span.end)}`);
          const change = hit?.fixes?.[0]?.changes[0]?.text.split('.').at(-1);
          if (mutant.kind === 'misspelt' && change === mutant.right) right++;
        }
      }
    }
    const share = (kind: keyof typeof all): number => found[kind] / all[kind];
    console.log('found', found, 'of', all, 'right fix first', right);
    expect(all.misspelt).toBeGreaterThan(100);
    for (const kind of ['misspelt', 'choice', 'type'] as const)
      expect(share(kind), missed.slice(0, 20).join('\n')).toBeGreaterThanOrEqual(0.98);
    expect(right / all.misspelt).toBeGreaterThanOrEqual(0.95);
  });
});
