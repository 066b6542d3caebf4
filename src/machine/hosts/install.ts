import type { Program } from './program';
import { quote, quoteAll } from '../quote';

export interface Install {
  readonly sentinel: string;
  readonly program: Program;
  readonly python: string | undefined;
  readonly home: string | undefined;
}

const NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3.9', 'python'];

/** How a Python ends that is too old, and one that served and failed: no other is tried after that. */
const TOO_OLD = 9;
const FAILED = 70;

/**
 * What the Python that was found does, in the one start it gets: puts the program's folder in place whole where it is not
 * there, says the sentinel, and goes on as `host.py`. Imported, not run, so that Python keeps it compiled. Its first lines
 * are read by any Python. `-I -S`: what a user has installed is no business of ours, and takes its time.
 */
const BOOT = `
import sys
if sys.version_info < (3, 9): sys.exit(${TOO_OLD})
import json, os
os.umask(0o077)
path, sentinel, length = sys.argv[1], sys.argv[2], int(sys.argv[3])
folder = os.path.dirname(path)
def say(word): os.write(1, ("\\n%s %s\\n" % (sentinel, word)).encode())
def load():
    say("need")
    data = b""
    while len(data) < length:
        more = os.read(0, length - len(data))
        if not more: os._exit(${FAILED})
        data += more
    aside = "%s.%d" % (folder, os.getpid())
    for name, text in json.loads(data.decode()).items():
        os.makedirs(os.path.dirname(os.path.join(aside, name)), exist_ok=True)
        with open(os.path.join(aside, name), "w", encoding="utf-8") as file: file.write(text)
    try: os.rename(aside, folder)
    except OSError:
        import shutil
        shutil.rmtree(aside, True)
try:
    there = os.path.isfile(path)
    if not there: load()
    sys.path.insert(0, folder)
    import host
    if there: say("have")
    host.main(["serve"])
except BaseException:
    import traceback
    traceback.print_exc()
    sys.stderr.flush()
    os._exit(${FAILED})
`;

/**
 * One line for `sh -s`: has the first Python that is new enough become `host.py serve`; it prints the sentinel and what
 * is needed. One line, since some shells read their script in blocks: nothing may follow it before the sentinel has come back.
 */
export function installScript({ sentinel, program, python, home }: Install): string {
  const names = python === undefined ? NAMES : [python];
  return [
    home === undefined ? '' : `GRPO_LENS_HOME=${quote(home)}; export GRPO_LENS_HOME;`,
    `f="\${GRPO_LENS_HOME:-$HOME/.grpo-lens}/host/host-${program.hash}/host.py";`,
    `for p in ${quoteAll(names)}; do`,
    `if command -v "$p" >/dev/null 2>&1; then`,
    `"$p" -I -S -c ${quote(BOOT)} "$f" ${sentinel} ${program.text.length}; r=$?;`,
    `if [ $r -eq 0 ] || [ $r -eq ${FAILED} ] || [ $r -gt 128 ]; then exit $r; fi; fi; done;`,
    `printf '\\n%s %s\\n' ${sentinel} python\n`,
  ].join(' ');
}
