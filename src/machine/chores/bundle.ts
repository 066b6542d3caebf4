import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PUT = `import sys
_module = type(sys)
sys.modules["grpo_lens"] = _module("grpo_lens")
sys.modules["grpo_lens"].__path__ = []
def _put(name, text):
    module = sys.modules["grpo_lens." + name] = _module("grpo_lens." + name)
    parent, _, own = module.__name__.rpartition(".")
    if parent not in sys.modules:
        sys.modules[parent] = _module(parent)
        sys.modules[parent].__path__ = []
    setattr(sys.modules[parent], own, module)
    exec(compile(text, name + ".py", "exec"), module.__dict__)
`;

/**
 * One text for `python -c` that holds these modules of ours (`preparing/work`), each behind those that it imports, the
 * program last: a host needs nothing of ours.
 */
export async function bundle(home: string, scripts: readonly string[]): Promise<string> {
  const texts = await Promise.all(scripts.map((name) => readFile(join(home, 'grpo_lens', `${name}.py`), 'utf8')));
  const program = scripts.at(-1) ?? '';
  if (texts.length === 1) return texts[0] ?? '';
  const parts = scripts
    .slice(0, -1)
    .map((name, at) => `_put("${name.replaceAll('/', '.')}", ${literal(texts[at] ?? '')})`);
  const main = `exec(compile(${literal(texts.at(-1) ?? '')}, "${program}.py", "exec"), globals())`;
  return [PUT, ...parts, main, ''].join('\n');
}

/** A string as Python writes it: JSON's form is one of Python's, where nothing stands beyond the first plane. */
function literal(text: string): string {
  return JSON.stringify(text);
}
