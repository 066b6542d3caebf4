import { describe, expect, it } from 'vitest';
import { shell } from '../../src/domain/dialects/shell';
import { checkAll } from '../../src/domain/language/checkAll';
import { slotAt } from '../../src/domain/language/slot';
import { findings, judged, said } from './check';

/** Every command of a script as `command path=value…`; a setting whose value is not known has `?`, `…` says that more may come. */
function commands(text: string): string[] {
  return shell.read(text, undefined).map(({ command, settings, open }) => {
    const written = settings.map(({ path, value, valueSpan }) => {
      const shown = Array.isArray(value) ? value.join('+') : (value ?? (valueSpan ? '?' : ''));
      return `${path}=${String(shown)}`;
    });
    return [...command, ...written, ...(open ? ['…'] : [])].join(' ');
  });
}

const run = (body: string, after: string): string => `run() {\n  ${body}\n}\n${after}\n`;

describe('a function that is called once knows its arguments', () => {
  it.each<[string, string, string[]]>([
    ['by number', run('swift rlhf --a $1 --b "$2" --c=${3}', 'run 1 "x y" z'), ['swift rlhf a=1 b=x y c=z']],
    ['all of them', run('swift rlhf --a 1 "$@"', 'run --b 2 --c "3 4"'), ['swift rlhf a=1 b=2 c=3 4']],
    ['all of them, in other spellings', run('swift rlhf ${@} $*', 'run --b 2'), ['swift rlhf b=2 b=2']],
    ['all but the first', run('swift rlhf --a $1 "${@:2}"', 'run 7 --b 2'), ['swift rlhf a=7 b=2']],
    ['none at all', run('swift rlhf --a 1 "$@"', 'run'), ['swift rlhf a=1']],
    ['by a name of its own', run('local lr=$1\n  swift rlhf --a $lr', 'run 1e-6'), ['swift rlhf a=1e-6']],
    ['a default where none is given', run('swift rlhf --a ${1:-5} --b ${2:-6}', 'run 1'), ['swift rlhf a=1 b=6']],
    ['one that must be given', run('swift rlhf --a "${1:?no a}"', 'run 1'), ['swift rlhf a=1']],
    ['in arithmetic', run('swift rlhf --a $(($1 * ${2}))', 'run 3 4'), ['swift rlhf a=12']],
    ['one that is not known', run('swift rlhf --a "$1" --b "$2"', 'run "$X" 2'), ['swift rlhf a=? b=2']],
    ['behind one that may be many', run('swift rlhf --a "$1" --b "$2"', 'run 1 $X 2'), ['swift rlhf a=1 b=?']],
    ['passed on from outside', run('swift rlhf --a 1 "$@"', 'run --b 2 "$@"'), ['swift rlhf a=1 b=2 …']],
    [
      'of the script, afterwards',
      run('swift rlhf --a $1', 'run 1\ntrl grpo --b $1'),
      ['swift rlhf a=1', 'trl grpo b=?'],
    ],
    ['with variables as they are then', run('swift rlhf --a $N', 'N=1\nrun x\nN=2'), ['swift rlhf a=1']],
    ['in a loop', run('swift rlhf --a "$1" --b $2', 'for x in 1 2; do run "$x" 3; done'), ['swift rlhf a=? b=3']],
    ['called by another', run('swift rlhf --a $1', 'main() { run "$2" 8; }\nmain x 9'), ['swift rlhf a=9']],
    ['called by one that is called later', 'main() { run 3; }\nrun() { swift rlhf --a $1; }\nmain', ['swift rlhf a=3']],
    [
      'called by one that is called twice',
      run('swift rlhf --a $1 --b 2', 'main() { run "$1"; }\nmain 1\nmain 2'),
      ['main', 'main', 'swift rlhf a=? b=2'],
    ],
    [
      'behind a keyword',
      'function run {\n  swift rlhf --a $1\n}\nif true; then run 4; fi\n',
      ['true', 'swift rlhf a=4'],
    ],
    ['with a pipe and a log', run('swift rlhf "$@"', 'run --a 1 2>&1 | tee log.txt'), ['swift rlhf a=1', 'tee']],
    [
      'from a case of the same name',
      run('swift rlhf "$@"', 'case $X in\n  run|r)\n    run --a 1\n    ;;\nesac'),
      ['run', 'r', 'swift rlhf a=1'],
    ],
  ])('%s', (_name, text, expected) => expect(commands(text)).toEqual(expected));

  it('and variables before the call hold inside', () => {
    const text = run('swift rlhf --a $1', 'A=1 run 2\nswift sft');
    const seen = shell
      .read(text, undefined)
      .map(({ environment }) => environment.map(({ name, text: t }) => [name, t]));
    expect(seen).toEqual([[['A', '1']], []]);
  });
});

describe('a function stays unknown', () => {
  it.each<[string, string, string[]]>([
    [
      'that is called twice',
      run('swift rlhf --a $1 --b ${2:-3} "$@"', 'run 1\nrun 2'),
      ['run', 'run', 'swift rlhf a=? b=? …'],
    ],
    ['that is never called', run('swift rlhf --a $1 --b ${2:-3} "$@"', ''), ['swift rlhf a=? b=? …']],
    ['that moves its arguments', run('swift rlhf --a $1\n  shift', 'run 1'), ['run', 'shift', 'swift rlhf a=?']],
    ['that sets its arguments', run('set -- 5\n  swift rlhf --a $1', 'run 1'), ['run', 'set =5', 'swift rlhf a=?']],
    ['that calls itself', run('swift rlhf --a $1\n  run 2', 'run 1'), ['run', 'run', 'swift rlhf a=?']],
    [
      'that is defined twice',
      `${run('swift rlhf --a $1', '')}${run('swift rlhf --b $1', 'run 1')}`,
      ['run', 'swift rlhf a=?', 'swift rlhf b=?'],
    ],
    ['whose call is not finished', run('swift rlhf --a $1', 'run 1 "x'), ['run …', 'swift rlhf a=?']],
    [
      'that only a case is called like',
      run('swift rlhf "$@"', 'case $X in\n  run) echo ;;\nesac'),
      ['run', 'echo', 'swift rlhf …'],
    ],
  ])('%s', (_name, text, expected) => expect(commands(text).sort()).toEqual([...expected].sort()));

  it('and many that call each other do no harm', () => {
    const chain = Array.from({ length: 3000 }, (_, at) => `f${at}() { f${at + 1} $1; }\n`).join('');
    expect(shell.read(`${chain}f3000() { swift rlhf --a $1; }\nf0 1\n`, undefined).length).toBeGreaterThan(0);
    const round = 'a() { b $1; }\nb() { a $1; swift rlhf --a $1; }\n';
    expect(commands(round)).toContain('swift rlhf a=?');
  });
});

describe('what is between the functions reads as before', () => {
  it.each<[string, string, string]>([
    ['a local variable is gone behind its function', 'local N=$1\n  echo $N', 'swift rlhf --a 5'],
    ['so is one that is declared first', 'local M N\n  N=$1\n  echo $N', 'swift rlhf --a 5'],
    ['one that is not local stays', 'N=$1', 'swift rlhf --a 7'],
    ['and one that is declared for all', 'declare -g N=$1', 'swift rlhf --a 7'],
  ])('%s', (_name, body, expected) => {
    const [last = ''] = commands(run(body, 'N=5\nrun 7\nswift rlhf --a $N')).slice(-1);
    expect(last).toBe(expected.replace('--a ', 'a='));
  });

  it('arguments of the script that are passed on as they are keep their defaults', () => {
    const text = run('swift rlhf --a ${1:-8} "$@"', 'run "$@"');
    expect(commands(text)).toEqual(['swift rlhf a=8 …']);
  });

  it('an unfinished branch inside leaves what is outside alone', () => {
    const text = run('if x; then\n  swift rlhf --a $1', 'N=1\nrun 2\nN=3\nswift rlhf --b $N');
    expect(commands(text)).toEqual(['x', 'swift rlhf a=2', 'swift rlhf b=3']);
  });

  it('a line of arguments at the head of a body goes on no command below it', () => {
    expect(commands('f() {\n  --beta 0.1\n}\nswift rlhf --a 1\n')[0]).toBe('swift rlhf a=1');
  });

  it.each(['"${@}"', '"${@:2}"', '"${ARGS[@]:1}"', '${ARGS[@]:1:2}'])('%s may be any number of words', (word) => {
    expect(commands(`swift rlhf --a 1 ${word}`)).toEqual(['swift rlhf a=1 …']);
  });

  it('of an array its first elements may be left out', () => {
    expect(commands('A=(x --a 1)\nswift rlhf "${A[@]:1}"')).toEqual(['swift rlhf a=1']);
  });
});

describe('rules speak of it, each thing once', () => {
  const text = run('swift rlhf --rlhf_type grpo --num_generations $1 "${@:2}"', 'run eight --temprature 1');
  it('at the arguments of the call, and where they are used', () => {
    expect(said(text).filter((one) => /^(bad-type|unknown-key)/.test(one))).toEqual([
      'bad-type $1',
      'unknown-key --temprature',
    ]);
  });

  it('also where several commands share them', () => {
    const branches = 'if x; then\n  nohup swift rlhf "$@"\nelse\n  swift rlhf "$@"\nfi';
    const shared = run(branches, 'run --rlhf_type grpo --temprature 1');
    const all = checkAll(judged(shared), {}).map(({ rule }) => rule);
    expect(all.filter((rule) => rule === 'unknown-key')).toHaveLength(1);
  });

  it('and the call is completed as the command is', () => {
    const sheets = shell.read(text, undefined);
    const slot = slotAt(sheets, text, text.indexOf('--temprature') + 5);
    expect(slot?.kind === 'key' && slot.sheet.command).toEqual(['swift', 'rlhf']);
  });

  it('a mend is never written over what a variable brings', () => {
    const fixes = findings(text).flatMap(({ fixes: all = [] }) => all.flatMap(({ changes }) => changes));
    expect(fixes.filter(({ span }) => text.slice(span.start, span.end).startsWith('$'))).toEqual([]);
  });

  it.each([
    run('swift rlhf --rlhf_type grpo --beta "$@" --beta 2', 'run 1'),
    'B=(1)\nswift rlhf --rlhf_type grpo --beta "${B[@]}" --beta 2\n',
    'B="1 3"\nswift rlhf --rlhf_type grpo --beta $B --beta 2\n',
    'B=(1)\nif x; then B=(3); fi\nswift rlhf --rlhf_type grpo --beta "${B[@]}" --beta 2\n',
  ])('and nothing is taken out whose value stands elsewhere: %s', (apart) => {
    const twice = findings(apart).filter(({ rule }) => rule === 'duplicate-key');
    expect(twice.map(({ fixes }) => fixes)).toEqual([[]]);
  });

  it('values of one flag from several places are marked where the first of them stand', () => {
    const apart = run('swift rlhf --reward_funcs accuracy "$@"', 'run format x');
    const [sheet] = shell.read(apart, undefined);
    const [setting] = sheet?.settings ?? [];
    const at = ({ start, end }: { start: number; end: number }): string => apart.slice(start, end);
    expect(setting?.valueSpan && at(setting.valueSpan)).toBe('accuracy');
    expect(setting?.items?.map(({ span }) => at(span))).toEqual(['accuracy', 'format', 'x']);
  });
});
