import { describe, expect, it } from 'vitest';
import { readDocument } from '../../src/domain/dialects/all';
import { shell } from '../../src/domain/dialects/shell';
import type { Sheet } from '../../src/domain/config/sheet';

const read = (text: string): Sheet[] => shell.read(text, undefined);

/** Settings of the last command as `path=value@written`. */
function settings(text: string): string[] {
  const sheet = read(text).at(-1);
  return (sheet?.settings ?? []).map(({ prefix = '', path, value, key, valueSpan }) => {
    const written = valueSpan ? `@${text.slice(valueSpan.start, valueSpan.end)}` : '';
    return `${prefix}${path}=${JSON.stringify(value)}<${text.slice(key.start, key.end)}${written}>`;
  });
}

describe('a command reads as settings with exact places', () => {
  it.each<[string, string, string[]]>([
    ['flags', 'swift rlhf --a 1 --b=2 --c', ['a="1"<--a@1>', 'b="2"<--b@2>', 'c=undefined<--c>']],
    ['continuation', 'swift rlhf \\\n  --a 1 \\\n  --b x', ['a="1"<--a@1>', 'b="x"<--b@x>']],
    ['CRLF', 'swift rlhf \\\r\n  --a 1 \\\r\n  --b x\r\n', ['a="1"<--a@1>', 'b="x"<--b@x>']],
    ['several words', 'swift rlhf --a x y --b 1', ['a=["x","y"]<--a@x y>', 'b="1"<--b@1>']],
    ['negative number', 'swift rlhf --a -1e-3', ['a="-1e-3"<--a@-1e-3>']],
    ['quotes', `swift rlhf --a "x y" --b 'z' --c="q"`, ['a="x y"<--a@"x y">', `b="z"<--b@'z'>`, 'c="q"<--c@"q">']],
    ['dashes', 'swift rlhf --num-generations 8', ['num_generations="8"<--num-generations@8>']],
    ['variable', 'N=8\nswift rlhf --a $N', ['a="8"<--a@$N>']],
    ['default', 'swift rlhf --a ${N:-8}', ['a="8"<--a@${N:-8}>']],
    ['default that goes on', 'swift rlhf --a ${N:-x \\\n y} --b 1', ['a="x  y"<--a@${N:-x \\\n y}>', 'b="1"<--b@1>']],
    ['default of a default', 'M=${M:-x}\nswift rlhf --a ${N:-$M/y}', ['a="x/y"<--a@${N:-$M/y}>']],
    ['export', 'export N=8 M=2\nswift rlhf --a ${N} --b $M', ['a="8"<--a@${N}>', 'b="2"<--b@$M>']],
    [
      'unknown',
      'swift rlhf --a $N --b $(nproc) --c 1',
      ['a=undefined<--a@$N>', 'b=undefined<--b@$(nproc)>', 'c="1"<--c@1>'],
    ],
    ['arithmetic', 'A=4; B=3\nswift rlhf --a $((A * (B - 1) / 2))', ['a="4"<--a@$((A * (B - 1) / 2))>']],
    [
      'array',
      'args=( --a 1\n # why\n --b "2 3" )\nargs+=( --c )\nswift rlhf "${args[@]}" --d 4',
      ['a="1"<--a@1>', 'b="2 3"<--b@"2 3">', 'c=undefined<--c>', 'd="4"<--d@4>'],
    ],
    ['words in a variable', 'EXTRA="--a 1 --b 2"\nswift rlhf $EXTRA', ['a="1"<--a@1>', 'b="2"<--b@2>']],
    ['function', 'run() {\n  swift rlhf --a $N\n}\nN=7\nrun', ['a="7"<--a@$N>']],
    ['same in both branches', 'if x; then N=1; else N=1; fi\nswift rlhf --a $N', ['a="1"<--a@$N>']],
    ['differs by branch', 'if x; then N=1; else N=2; fi\nswift rlhf --a $N', ['a=undefined<--a@$N>']],
    [
      'array that differs in values only',
      'R=(a.b=null c=1)\nif x; then R=(a.b="uv run" c=1); fi\npython -m verl.trainer.main_ppo "${R[@]}"',
      ['a.b=undefined<a.b@"uv run">', 'c=1<c@1>'],
    ],
    ['array that one branch goes on', 'a=(--a 1)\nif x; then a+=(--b 2); fi\nswift rlhf "${a[@]}"', ['a="1"<--a@1>']],
    [
      'part of a value is unknown',
      'X="--a 1 --b $N --c 2"\nswift rlhf $X',
      ['a="1"<--a@1>', 'b=undefined<--b@$N>', 'c="2"<--c@2>'],
    ],
    ['loop', 'for N in 1 2; do swift rlhf --a $N; done', ['a=undefined<--a@$N>']],
    ['recursive variable', 'N=$N$N\nN=$N$N\nswift rlhf --a $N', ['a=undefined<--a@$N>']],
    ['redirection', 'swift rlhf --a 1 > log.txt 2>&1 &', ['a="1"<--a@1>']],
    ['half a flag', 'swift rlhf --a 1 --', ['a="1"<--a@1>', '=undefined<-->']],
    [
      'hydra',
      `python3 -m verl.trainer.main_ppo a.b=1e-6 +c.d='[x,"y"]' ++e.f=true ~g.h`,
      ['a.b=0.000001<a.b@1e-6>', `+c.d=["x","y"]<c.d@'[x,"y"]'>`, '++e.f=true<e.f@true>', '~g.h=undefined<g.h>'],
    ],
    [
      'quoted override',
      `python -m verl.trainer.main_ppo 'a.b={x: 1, y: [2]}' "c.d=$N"`,
      [`a.b={"x":1,"y":[2]}<a.b@{x: 1, y: [2]}'>`, 'c.d=undefined<c.d@$N">'],
    ],
  ])('%s', (_name, text, expected) => expect(settings(text)).toEqual(expected));
});

describe('what is started', () => {
  it.each<[string, string[], string[]]>([
    ['A=1 B="x y" swift rlhf --a', ['swift', 'rlhf'], []],
    ['nohup python -u -m swift.cli.rlhf --a', ['python', '-m', 'swift.cli.rlhf'], []],
    [
      'torchrun --nproc_per_node 4 --standalone train.py --a',
      ['torchrun', 'train.py'],
      ['nproc_per_node=4', 'standalone='],
    ],
    [
      'torchrun --nproc_per_node=8 --nnodes=${WORLD_SIZE} swift/cli/rlhf.py --a',
      ['torchrun', 'swift/cli/rlhf.py'],
      ['nproc_per_node=8', 'nnodes='],
    ],
    [
      'accelerate launch --num_processes=8 -m trl.scripts.grpo --a',
      ['accelerate', '-m', 'trl.scripts.grpo'],
      ['num_processes=8', 'm='],
    ],
    ['ray job submit --address x -- python3 -m verl.trainer.main a=1', ['python3', '-m', 'verl.trainer.main'], []],
    [
      'python -m torch.distributed.run --nproc_per_node=2 swift/cli/rlhf.py --a',
      ['python', 'swift/cli/rlhf.py'],
      ['nproc_per_node=2'],
    ],
    ['"${LAUNCH[@]}" -m verl.trainer.main_ppo a.b=1', ['', '-m', 'verl.trainer.main_ppo'], []],
    ['uv run --with trl trl grpo --a', ['trl', 'grpo'], []],
    ['timeout -k 9 2h trl grpo --a', ['trl', 'grpo'], []],
    ['sudo -E -u me trl grpo --a', ['trl', 'grpo'], []],
  ])('%s', (text, command, options) => {
    const [sheet] = read(text);
    expect(sheet?.command).toEqual(command);
    expect(sheet?.options?.map(({ path, text: value = '' }) => `${path}=${value}`)).toEqual(options);
  });
});

describe('what goes wrong is said, and the rest is read', () => {
  it.each<[string, string, string[], string[]]>([
    [
      'comment between lines',
      'swift rlhf \\\n --a 1 \\\n # no\n --b 2 \\\n --c 3',
      ['a', 'b', 'c'],
      ['broken-continuation'],
    ],
    ['blank after backslash', 'swift rlhf \\ \n --a 1', ['a'], ['broken-continuation']],
    ['unclosed quote', 'swift rlhf \\\n --a "x \\\n --b 2 \\\n --c 3', ['a', 'b', 'c'], ['unclosed-quote']],
    [
      'unclosed quote that pairs with a later one',
      'swift rlhf \\\n --a "x \\\n --b "2" \\\n --c 3',
      ['a', 'b', 'c'],
      ['unclosed-quote'],
    ],
    ['unclosed expansion', 'swift rlhf --a ${N --b 2', ['a'], []],
  ])('%s', (_name, text, paths, rules) => {
    const [sheet] = read(text);
    expect(sheet?.settings.map(({ path }) => path)).toEqual(paths);
    expect(sheet?.findings.map(({ rule }) => rule)).toEqual(rules);
  });

  it('a quote that is open between the commands is said once, for the whole text', () => {
    const open = (text: string): string[] =>
      readDocument('shellscript', text, undefined).findings.map(({ span }) => text.slice(span.start, span.end));
    expect(open('A="x\nswift rlhf --a 1\nswift rlhf --b 2\n')).toEqual(['"x']);
    expect(open("A='x\n y'\nswift rlhf --a 1\n")).toEqual([]);
    expect(open("A='x\n y'\nswift rlhf --a \"1\n")).toEqual([]);
  });

  it('of a command with an open quote nothing is missing for certain', () => {
    expect(read('swift rlhf --a "1 \\\n --b 2\n')[0]?.open).toBe(true);
  });

  it('a variable leads to where it is assigned', () => {
    const text = 'N=8\nswift rlhf --a $N --b 2';
    const [sheet] = read(text);
    const places = sheet?.settings.map(({ definition }) => definition && text.slice(definition.start, definition.end));
    expect(places).toEqual(['N=8', undefined]);
  });

  it('environment in front of a command, exports included', () => {
    const [sheet] = read('export A=1\nB=2 C=$A swift rlhf');
    expect(sheet?.environment.map(({ name, text }) => [name, text])).toEqual([
      ['A', '1'],
      ['B', '2'],
      ['C', '1'],
    ]);
  });

  it('never throws and never hangs on any beginning of a real script', () => {
    const text =
      'export A=${B:-"x"}\nargs=(--a "$A")\nif [ -z "$A" ]; then\n  swift rlhf "${args[@]}" --b $((1+2)) \\\n --c \'d\' <<EOF\nx\nEOF\nfi\n';
    for (let end = 0; end <= text.length; end++) read(text.slice(0, end));
    expect(read('a'.repeat(100_000) + '\n'.repeat(100_000) + '"'.repeat(1001))).toHaveLength(2);
  });
});
