import { join } from 'node:path';
import { beforeAll, describe, expect, it, test } from 'vitest';
import { readCell } from '../../src/domain/dialects/cell';
import { judge } from '../../src/domain/frameworks/which';
import { check } from '../../src/domain/language/check';
import { factsOf } from '../../src/domain/language/compose';
import type { Grammars } from '../../src/domain/dialects/dialect';
import { loadGrammars } from '../../src/machine/config/grammars';
import { judged, said } from './check';

let grammars: Grammars;
beforeAll(async () => {
  grammars = await loadGrammars(join(process.cwd(), 'node_modules/@vscode/tree-sitter-wasm/wasm'));
});

test('a cell that writes a configuration is read as one, places exact', () => {
  const text = '%%writefile c.yaml\nworker:\n  rolout:\n    n: 1\ndata:\n  seed: 1\n';
  const { sheets } = readCell('python', text, grammars);
  const found = sheets.flatMap((sheet) => judge(sheet) ?? []).flatMap((one) => check(one, {}));
  expect(found.map(({ rule, span }) => `${rule} ${text.slice(span.start, span.end)}`)).toContain('unknown-key rolout');
  expect(readCell('python', '%%writefile notes.txt\nGRPOConfig(betta=1)\n', grammars).sheets).toEqual([]);
});

describe('configurations that a script writes by itself', () => {
  const script = (mark: string, n: string): string =>
    `cat > c.yaml <<${mark}\ndata:\n  rollout_batch_size: ${n}\nworker:\n  rolloutt:\n    n: 4\nEOF\npython3 -m verl.trainer.main config=c.yaml worker.rollout.n=5\n`;

  it('are checked where they stand', () => {
    expect(said(script('EOF', '64'))).toContain('unknown-key rolloutt');
    expect(said(script("'EOF'", '$N'))).toContain('bad-type $N');
    expect(said(script('EOF', '$N')).filter((one) => one.startsWith('bad-type'))).toEqual([]);
    expect(said(script('EOF', '64').replace('cat >', 'tee'))).toContain('unknown-key rolloutt');
  });

  it('count for the command that names them', () => {
    const [command] = judged(script('EOF', '60'));
    expect(command && factsOf(command, {}).value('data.rollout_batch_size')).toBe(60);
  });
});
