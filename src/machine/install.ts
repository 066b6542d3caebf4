import type { Program } from './program';
import { quote, quoteAll } from './quote';

export interface Install {
  readonly sentinel: string;
  readonly program: Program;
  readonly python: string | undefined;
  readonly home: string | undefined;
}

const NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3.9', 'python'];

/** Reads the program's files from standard input, puts their folder in place whole, and goes on as `host.py` of it. */
const LOADER = `
import json, os, shutil, sys
path, length = sys.argv[1], int(sys.argv[2])
data = b""
while len(data) < length:
    more = os.read(0, length - len(data))
    if not more: sys.exit(1)
    data += more
os.umask(0o077)
folder = os.path.dirname(path)
aside = "%s.%d" % (folder, os.getpid())
for name, text in json.loads(data.decode()).items():
    os.makedirs(os.path.dirname(os.path.join(aside, name)), exist_ok=True)
    with open(os.path.join(aside, name), "w", encoding="utf-8") as file: file.write(text)
try: os.rename(aside, folder)
except OSError: shutil.rmtree(aside, True)
os.execv(sys.executable, [sys.executable, path, "serve"])
`;

/**
 * One line for `sh -s`: finds a Python, prints the sentinel and what is needed, and becomes `host.py serve`. One line,
 * since some shells read their script in blocks: nothing may follow it before the sentinel has come back.
 */
export function installScript({ sentinel, program, python, home }: Install): string {
  const names = python === undefined ? NAMES : [python];
  const version = 'import sys; sys.exit(sys.version_info < (3, 9))';
  const said = (word: string): string => `printf '\\n%s %s\\n' ${sentinel} ${word}`;
  const serve = `{ ${said('have')}; exec "$p" "$f" serve; }`;
  const load = `{ ${said('need')}; exec "$p" -c ${quote(LOADER)} "$f" ${program.text.length}; }`;
  return [
    home === undefined ? '' : `GRPO_LENS_HOME=${quote(home)}; export GRPO_LENS_HOME;`,
    `f="\${GRPO_LENS_HOME:-$HOME/.grpo-lens}/host/host-${program.hash}/host.py";`,
    `for p in ${quoteAll(names)}; do`,
    `if command -v "$p" >/dev/null 2>&1 && "$p" -c ${quote(version)} >/dev/null 2>&1; then`,
    `if [ -f "$f" ]; then ${serve}; else ${load}; fi; fi; done;`,
    `${said('python')}\n`,
  ].join(' ');
}
