import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument } from '../../src/domain/dialects/all';
import { verl } from '../../src/domain/frameworks/verl';
import { judge } from '../../src/domain/frameworks/which';
import { check } from '../../src/domain/language/check';
import { hover } from '../../src/domain/language/hover';
import { slotAt } from '../../src/domain/language/slot';
import { suggest } from '../../src/domain/language/suggest';
import { yamlLanguageServer, type Keystroke } from './configPeer';
import { milliseconds, type Figure } from './figure';

/** A file with every key of verl, about as long as the one that verl generates (1,066 lines). */
function everyKey(): string {
  const lines: string[] = [];
  let open: readonly string[] = [];
  const sorted = verl.catalogue.parameters.filter(({ only, needsPlus }) => only !== 'megatron' && !needsPlus);
  for (const { path, default: value, doc } of [...sorted].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const parts = path.split('.');
    const shared = parts.findIndex((part, at) => part !== open[at] || at === parts.length - 1);
    for (let at = shared; at < parts.length - 1; at++) lines.push(`${'  '.repeat(at)}${parts[at]}:`);
    if (doc !== '') lines.push(`${'  '.repeat(parts.length - 1)}# ${doc}`);
    lines.push(`${'  '.repeat(parts.length - 1)}${parts.at(-1)}: ${JSON.stringify(value ?? null)}`);
    open = parts.slice(0, -1);
  }
  return lines.slice(0, 1066).join('\n');
}

/** A script of 2,000 lines: one command with all its settings, and functions around it. */
function longScript(): string {
  const settings = verl.catalogue.parameters.slice(0, 800).map(({ path }) => `    ${path}=\${VALUE:-1} \\`);
  const rest = Array.from({ length: 1190 }, (_, at) => `export NAME_${at}="\${NAME_${at - 1}:-value ${at}}"`);
  return [...rest, 'python3 -m verl.trainer.main_ppo \\', ...settings, '    trainer.nnodes=1'].join('\n');
}

/** One keystroke in the middle of the text: everything that the editor then asks for. */
function keystroke(language: string, typed: string, at: number): void {
  const { sheets } = readDocument(language, typed, undefined);
  const judged = sheets.flatMap((sheet) => judge(sheet) ?? []);
  for (const one of judged) check(one, {});
  const slot = slotAt(sheets, typed, at);
  const own = judged.find(({ sheet }) => sheet === slot?.sheet);
  if (slot && own) suggest(slot, own);
}

/** The 95th percentile of 40 keystrokes at different places, in milliseconds. */
async function p95(text: string, press: (typed: string, at: number) => unknown): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 40; i++) {
    const at = lineEnd(text, Math.floor((text.length * (i + 0.5)) / 40));
    const typed = `${text.slice(0, at)}1${text.slice(at)}`;
    times.push(await milliseconds(() => press(typed, at)));
  }
  return times.sort((a, b) => a - b)[37] ?? NaN;
}

/** The same of 40 letters typed one after the other near the top: everything below moves each time. */
async function typingP95(text: string, press: (typed: string, at: number) => unknown): Promise<number> {
  const times: number[] = [];
  const from = lineEnd(text, 200);
  for (let i = 1; i <= 40; i++) {
    const typed = `${text.slice(0, from)}${'x'.repeat(i)}${text.slice(from)}`;
    times.push(await milliseconds(() => press(typed, from + i)));
  }
  return times.sort((a, b) => a - b)[37] ?? NaN;
}

function lineEnd(text: string, from: number): number {
  const found = text.indexOf('\n', from);
  return found < 0 ? text.length : found;
}

const yaml = everyKey();
const shell = longScript();
let peer: Keystroke | undefined;

/** yaml-language-server on the same file, validating and completing; at most twice our time is the promise. */
async function peerP95(): Promise<number> {
  const press = (peer ??= await yamlLanguageServer(join(process.cwd(), '.vscode-test/peer'), verl.catalogue));
  return p95(yaml, press);
}
const example = readFileSync(join(process.cwd(), 'examples/swift-clevr/train_2025.sh'), 'utf8');

export const figures: readonly Figure[] = [
  {
    name: 'config: keystroke in 1,066 lines of YAML, p95',
    unit: 'ms',
    budget: 10,
    run: () => p95(yaml, (typed, at) => keystroke('yaml', typed, at)),
    peer: { name: 'yaml-language-server 2.0.0', run: peerP95, most: 0.5 },
  },
  {
    name: 'config: keystroke in a 2,000-line script, p95',
    unit: 'ms',
    budget: 15,
    run: () => p95(shell, (typed, at) => keystroke('shellscript', typed, at)),
  },
  {
    name: 'config: letters typed at the top of a 2,000-line script, p95',
    unit: 'ms',
    budget: 15,
    run: () => typingP95(shell, (typed, at) => keystroke('shellscript', typed, at)),
  },
  {
    name: 'config: hover on --num_generations',
    unit: 'ms',
    budget: 5,
    run: () =>
      milliseconds(() => {
        const { sheets } = readDocument('shellscript', example, undefined);
        for (const sheet of sheets) {
          const judged = judge(sheet);
          if (judged) hover(judged, example.indexOf('--num_generations') + 4);
        }
      }),
  },
];
