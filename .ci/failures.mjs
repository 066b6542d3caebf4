// What failed in a layer, and what needed a second try: kept in `.build/reports`, so that the last lines of a long run can name it.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { at } from './steps.mjs';

/** So much of a test's message is named again: the rest stands further above. */
const LINES = 12;

const END = '.failures.json';
const file = (layer) => at('.build/reports', layer + END);

/** Every layer of which something is kept. */
export function layersKept() {
  const folder = at('.build/reports');
  const files = existsSync(folder) ? readdirSync(folder).sort() : [];
  return files.filter((name) => name.endsWith(END)).map((name) => name.slice(0, -END.length));
}

/** Begins a layer's list anew. */
export function forget(layer) {
  rmSync(file(layer), { force: true });
}

/** Adds `{ name, message, again? }` of one layer to what is kept of it; `again`: it passed when it was tried once more. */
export function keep(layer, failures) {
  if (failures.length === 0) return;
  mkdirSync(path.dirname(file(layer)), { recursive: true });
  writeFileSync(file(layer), JSON.stringify([...kept(layer), ...failures]));
}

/** Names them again, those that failed for good last. */
export function tell(layers) {
  const all = layers.flatMap((layer) => kept(layer).map((failure) => ({ layer, ...failure })));
  const failed = new Set(all.filter(({ again }) => !again).map(({ name }) => name));
  for (const { layer, name, message } of all.filter(({ again, name }) => again && !failed.has(name)))
    console.log(`\n! ${layer}: passed at its second try: ${name}\n${first(message)}`);
  for (const { layer, name, message } of all.filter(({ again }) => !again))
    console.log(`\n✗ ${layer}: ${name}\n${first(message)}`);
}

/** Failures in the report of vitest, those of files that could not be loaded included. */
export function inReport({ testResults }) {
  return testResults.flatMap(({ name, status, message, assertionResults }) => {
    const tests = assertionResults.filter((test) => test.failureMessages?.length > 0);
    const failed = tests.map((test) => ({
      name: `${path.relative(at(), name)} > ${test.fullName}`,
      message: test.failureMessages.join('\n'),
      again: test.status === 'passed',
    }));
    const loaded = status !== 'failed' || failed.some(({ again }) => !again);
    return loaded ? failed : [...failed, { name: path.relative(at(), name), message: message ?? '' }];
  });
}

/** Failures in what unittest wrote: a rule of `=`, the test, a rule of `-`, its traceback. */
export function inUnittest(text) {
  const parts = text.split(/^={70}\n/m).slice(1);
  return parts.map((part) => {
    const [name, ...rest] = part.split(/^-{70}\n/m);
    return { name: name.trim(), message: (rest[0] ?? '').trim().split('\n').slice(-LINES).join('\n') };
  });
}

function kept(layer) {
  return existsSync(file(layer)) ? JSON.parse(readFileSync(file(layer), 'utf8')) : [];
}

function first(message) {
  const lines = message.split('\n').filter((line) => line.trim() && !/node_modules|\(node:|at node:/.test(line));
  return lines
    .slice(0, LINES)
    .map((line) => `    ${line}`)
    .join('\n');
}
