import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { readShell } from '../../src/domain/dialects/shell';
import { Stretches } from '../../src/domain/dialects/shell/stretches';
import { dice, type Dice } from './dice';

/** What people type, and what ties a script's lines together. */
const TYPED = [
  ...['"', "'", '\n', ' \\\n', '\\', '$', '${A', '}', '$(', ')', '`', ' ', '(', '#', ';', '|', '>', '\t', '\r\n'],
  ...['<<EOF\n', '<<-"X"\n', '\nEOF\n', 'cat > x.yaml <<EOF\na: $A\nb:\n  c: 1\nEOF\n', '<node_ip>', '2>&1', '&&'],
  ...['A=1', 'export B=$A\n', 'A+=2\n', 'args=(', 'args+=(--x $A)\n', '"${args[@]}"', '${A:-"$B"}', '${A:-x \\\n y}'],
  ...['$1', '"$@"', '"${@:2}"', 'g 1 --x $A\n', 'shift\n', 'local A=$1\n', 'g() {\n'],
  ...['$((', '))', 'if x; then\n', 'else\n', 'fi\n', 'f() {\n', '}\n', 'for A in 1 2; do\n', 'done\n', '\\ \n'],
  ...[
    '--x ',
    '--beta=$A',
    'a.b=1',
    '+a.b=$B',
    'swift rlhf --a $A \\\n',
    'python3 -m verl.trainer.main_ppo a.b=$A \\\n',
  ],
] as const;

const HEAD =
  'A=1\nexport B="${A:-2} 3"\nargs=(--a $A\n  --b "$B")\nf() {\n  swift rlhf "${args[@]}" $B\n}\nf\ng() {\n  local N=$1\n  swift rlhf --a $N "$@"\n}\n';
const TAIL =
  'cat > x.yaml <<EOF\na: $A\nEOF\ntrl grpo --config x.yaml \\\n  --beta $A \\\n  --num_generations 8\nf\nA=3 g 1 --b $A\n';

/** Scripts to begin with: our examples', each also between what uses all that a script can say. */
function beginnings(): string[] {
  const folders = readdirSync('examples', { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const scripts = folders.flatMap(({ name }) =>
    readdirSync(`examples/${name}`).flatMap((file) =>
      file.endsWith('.sh') ? [readFileSync(`examples/${name}/${file}`, 'utf8').slice(0, 800)] : [],
    ),
  );
  return [HEAD + TAIL, ...scripts.map((script) => `${HEAD}${script}\n${TAIL}`)];
}

/** All that the sheets of a script say, as text; what the script writes is among them. */
function said(text: string, known: Stretches | undefined): string {
  return JSON.stringify(readShell(text, known).map((sheet) => [sheet, [...(sheet.written?.keys() ?? [])]]));
}

/** One edit: something typed, something deleted, something pasted from elsewhere in the script. */
function edited(text: string, roll: Dice): string {
  const at = roll(text.length + 1);
  const from = roll(text.length + 1);
  const kind = roll(9);
  if (kind < 4) return `${text.slice(0, at)}${TYPED[roll(TYPED.length)] ?? ''}${text.slice(at)}`;
  if (kind < 6) return `${text.slice(0, at)}${String.fromCharCode(97 + roll(26))}${text.slice(at)}`;
  if (kind < 8) return text.slice(0, at) + text.slice(at + roll(kind === 6 ? 3 : 60));
  return text.slice(0, at) + text.slice(from, from + roll(150)) + text.slice(at);
}

/**
 * Edits scripts again and again, each time reading them once with what is remembered of all the texts before and once as
 * a whole. Gives the first text on which the two differ; undefined where they never do.
 */
export async function firstDifference(seed: number, edits: number): Promise<string | undefined> {
  const known = new Stretches();
  const roll = dice(seed);
  const starts = beginnings();
  let text = '';
  for (let done = 0; done < edits; done++) {
    if (done % 40 === 0) text = starts[roll(starts.length)] ?? '';
    if (done % 500 === 0) await setImmediate(); // vitest wants to be heard in between
    text = edited(text, roll);
    if (said(text, known) !== said(text, undefined)) return text;
  }
  return undefined;
}
