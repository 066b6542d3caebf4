import { expect, test } from 'vitest';
import { run, start } from './kernelCells';
import { pythons, running } from './pythons';

async function problem(asked: Promise<unknown>): Promise<{ code: string; message: string }> {
  return asked.then(
    () => ({ code: 'none', message: 'nothing went wrong' }),
    (error: { code: string; message: string }) => error,
  );
}

function seconds(since: number): number {
  return (performance.now() - since) / 1000;
}

test.each(pythons())('cells share one namespace; values and prints are shown in their order (%s)', async (python) => {
  const own = start(python);
  const check = async (code: string, expected: { out?: string; err?: string; plain?: string[] }): Promise<void> => {
    const { outcome, out, err, shown } = await run(own, code);
    expect(outcome, code).toEqual({ status: 'ok' });
    expect({ out, err, plain: shown.map((bundle) => bundle['text/plain']) }, code).toEqual({
      out: '',
      err: '',
      plain: [],
      ...expected,
    });
  };
  await check('x = 6', {});
  await check('x * 7', { plain: ['42'] });
  await check('_ + 1;', {});
  await check('None', {});
  await check('', {});
  await check('# only a comment', {});
  await check('print("a"); x', { out: 'a\n', plain: ['6'] });
  await check('import sys; print("b", file=sys.stderr)', { err: 'b\n' });
  await check('import subprocess; subprocess.run(["echo", "from below"]); print("after")', {
    out: 'from below\nafter\n',
  });
  await check('import asyncio\nawait asyncio.sleep(0, result=5)', { plain: ['5'] });
  await check('display(1, "two")', { plain: ['1', "'two'"] });
  await check('import grpo_lens; __name__', { plain: ["'__main__'"] });
  await check('import pickle\nclass A: pass\ntype(pickle.loads(pickle.dumps(A()))).__name__', { plain: ["'A'"] });
});

test('rich values come with all their forms, and a broken display method does no harm', async () => {
  const own = start();
  const html = await run(
    own,
    'class T:\n    def _repr_html_(self): return "<b>t</b>"\n    def _repr_png_(self): return b"\\x89PNG"\nT()',
  );
  expect(html.shown[0]).toMatchObject({ 'text/html': '<b>t</b>', 'image/png': 'iVBORw==' });
  const broken = await run(
    own,
    'class B:\n    def __repr__(self): raise ValueError\n    def _repr_html_(self): raise KeyError\nB()',
  );
  expect(broken.shown).toEqual([{ 'text/plain': '<B whose repr raised ValueError>' }]);
  const odd = await run(
    own,
    'class O:\n    def _repr_mimebundle_(self, **k): return {"a/b": {1, 2}, "text/plain": "odd"}\nO()',
  );
  expect(odd.shown).toEqual([{ 'text/plain': 'odd' }]);
  const large = await run(
    own,
    'class L:\n    def _repr_html_(self): return "x" * 5_000_000\n    def __repr__(self): return "L"\nL()',
  );
  expect(large.shown[0]).toEqual({
    'text/plain': 'L\n(text/html of 5,000,000 characters was left out: too large for a notebook)',
  });
});

test('errors name the cell and the file in the form that the editor links', async () => {
  const own = start();
  const failed = async (code: string): Promise<string> => {
    const { outcome } = await run(own, code);
    return outcome.status === 'ok' ? 'ok' : outcome.error.stack.replace(/In\[\d+\]/g, 'In[N]');
  };
  expect(await failed('def f(x):\n    return 1 / x\nf(0)')).toBe(
    `Cell In[N], line 3
      1 def f(x):
      2     return 1 / x
----> 3 f(0)
Cell In[N], line 2, in f
      1 def f(x):
----> 2     return 1 / x
      3 f(0)
ZeroDivisionError: division by zero`,
  );
  expect(await failed('x = 1\nprint(')).toMatch(/^Cell In\[N\], line 2\n {6}1 x = 1\n----> 2 print\(\nSyntaxError: /);
  expect(await failed('import json\njson.loads("{")')).toMatch(/\nFile \/.*json\/decoder\.py:\d+, in raw_decode\n/);
  expect(await failed('try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise KeyError("k") from e')).toContain(
    'ZeroDivisionError: division by zero\n\nThis was the direct cause of:\n',
  );
  expect(await failed('import sys; sys.exit(3)')).toContain('SystemExit: 3');
  expect(await failed('input()')).toContain('EOFError');
  expect(await failed('def g(n): g(n + 1)\ng(0)')).toMatch(/frames are left out …[^]*RecursionError/);
  expect(await failed('1 + 1')).toBe('ok');
});

test.each(pythons())('an endless cell and a sleeping one end within a second of the interrupt (%s)', async (python) => {
  const own = start(python);
  await run(own, 'import time, subprocess, asyncio');
  for (const code of [
    'while True: pass',
    'time.sleep(1000)',
    'subprocess.run(["sleep", "1000.25"])',
    'await asyncio.sleep(1000)',
    'while True: print("x" * 100)',
  ]) {
    const running = run(own, code);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const began = performance.now();
    own.interrupt();
    const { outcome } = await running;
    expect(seconds(began), code).toBeLessThan(1);
    expect(outcome.status, code).toBe('interrupted');
  }
  expect(running('sleep\x001000.25')).toEqual([]);
  own.interrupt();
  const after = await run(own, '"still here"');
  expect(after.shown).toEqual([{ 'text/plain': "'still here'" }]);
});

test('of 100 MB of output the beginning and the end are kept and the rest is counted', async () => {
  const own = start();
  const { out, err, outcome } = await run(own, 'for i in range(100_000): print(f"{i:<999}")');
  expect(outcome).toEqual({ status: 'ok' });
  expect(out.startsWith('0 ')).toBe(true);
  expect(out.trimEnd().slice(-1100)).toContain('99999');
  expect(out.length).toBeLessThan(500_000);
  const dropped = Number(/… ([\d,]+) characters/.exec(err)?.[1]?.replaceAll(',', ''));
  expect(out.length + dropped).toBe(100_000_000);
  const below = await run(own, 'import os\nfor _ in range(20): os.write(1, b"y" * 1_000_000)');
  expect(below.out.length + Number(/… ([\d,]+) ch/.exec(below.err)?.[1]?.replaceAll(',', ''))).toBe(20_000_000);
});

test('a kernel that is killed says so, in the cell that ran and in no other; a new one starts within a second', async () => {
  const own = start();
  await run(own, 'x = 1');
  const asked = problem(run(own, 'import time; time.sleep(1000)'));
  await new Promise((resolve) => setTimeout(resolve, 200));
  process.kill(own.pid ?? 0, 'SIGKILL');
  expect(await asked).toMatchObject({
    code: 'closed',
    message:
      'Python was ended by SIGKILL (out of memory, or killed by hand); its variables are gone. The next cell starts a new one.',
  });
  expect(own.alive).toBe(false);
  const began = performance.now();
  expect((await run(start(pythons().at(-1)), '2')).shown).toEqual([{ 'text/plain': '2' }]);
  expect(seconds(began)).toBeLessThan(1);
  expect(await problem(run(start(), 'import os; os._exit(3)'))).toMatchObject({
    message: 'Python ended with exit code 3; its variables are gone. The next cell starts a new one.',
  });
});

test('a kernel that is ended while it starts is no interpreter that does not start', async () => {
  const own = start();
  own.dispose();
  expect((await problem(own.ready())).code).toBe('closed');
});

test('the end of a kernel is told, also where a process that it forked holds its streams', async () => {
  const code = 'import os, time\nif os.fork() == 0:\n    time.sleep(1000)\nos._exit(3)';
  expect(await problem(run(start(), code))).toMatchObject({ message: expect.stringMatching(/exit code 3/) as string });
});

test('nothing is left behind', async () => {
  const own = start();
  await run(own, 'import subprocess; p = subprocess.Popen(["sleep", "1000.75"])');
  await expect.poll(() => running('sleep\x001000.75')).toHaveLength(1);
  own.dispose();
  await expect.poll(() => running('sleep\x001000.75')).toEqual([]);
});

test('no Python is told in one sentence', async () => {
  expect(await problem(start('/nowhere/python3').ready())).toMatchObject({
    code: 'no-python',
    message: 'Cells need Python 3.9 or newer: "/nowhere/python3" is not found. Choose another interpreter.',
  });
  expect(await problem(start('/bin/false').ready())).toMatchObject({ code: 'no-python' });
});

test('magics are left to Jupyter, in one sentence; a percent sign within Python is none', async () => {
  const own = start();
  const said = async (code: string): Promise<string> => {
    const { outcome } = await run(own, code);
    return outcome.status === 'ok' ? 'ok' : outcome.error.message;
  };
  const magic = (line: string): string => `"${line}" is a magic of IPython: choose a Jupyter kernel for this notebook.`;
  expect(await said('%load_ext grpo_lens')).toBe('ok');
  expect(await said('x = 1\n!pip install x')).toBe(magic('!pip install x'));
  expect(await said('%%bash\nls')).toBe(magic('%%bash'));
  expect(await said('x = (7\n% 4)')).toBe('ok');
});
