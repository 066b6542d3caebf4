// Desktop VS Code's command line, as far as tests and packaging use it.
import path from 'node:path';

const WITH_VALUE = new Set([
  'user-data-dir',
  'extensions-dir',
  'extensionDevelopmentPath',
  'extensionTestsPath',
  'remote-debugging-port',
  'install-extension',
  'uninstall-extension',
]);
const ADMINISTERS = ['install-extension', 'uninstall-extension', 'list-extensions', 'version'];

/** What is asked: a window (`folder`, `development`, `testsPath` …) or, in `administers`, a task without one. */
export function parse(argv) {
  const { options, rest } = split(argv);
  const last = (name) => options.get(name)?.at(-1);
  const folderOf = (name) => (typeof last(name) === 'string' ? path.resolve(last(name)) : undefined);
  return {
    folder: rest[0] && path.resolve(rest[0]),
    development: (options.get('extensionDevelopmentPath') ?? []).map((folder) => path.resolve(folder)),
    testsPath: folderOf('extensionTestsPath'),
    userData: folderOf('user-data-dir'),
    extensions: folderOf('extensions-dir'),
    debuggingPort: Number(last('remote-debugging-port') ?? 0),
    othersDisabled: options.has('disable-extensions'),
    administers: ADMINISTERS.some((name) => options.has(name)) ? administration(options) : undefined,
  };
}

function split(argv) {
  const options = new Map();
  const rest = [];
  const add = (name, value) => options.set(name, [...(options.get(name) ?? []), value]);
  for (let i = 0; i < argv.length; i++) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(argv[i]) ?? [];
    if (name === undefined) rest.push(argv[i]);
    else if (value !== undefined) add(name, value);
    else if (WITH_VALUE.has(name)) add(name, argv[++i]);
    else add(name, true);
  }
  return { options, rest };
}

function administration(options) {
  const kept = ['install-extension', 'uninstall-extension', 'list-extensions', 'show-versions', 'version', 'force'];
  return kept.flatMap((name) =>
    (options.get(name) ?? []).flatMap((value) => [`--${name}`, ...(value === true ? [] : [value])]),
  );
}
