// Turns facts read from the frameworks' sources into the catalogues we ship:
//   node .ci/catalogue/generate.mjs FOLDER
// FOLDER holds ms-swift.json, trl.json, verl.json, easyr1.json and oracle/trl-installed.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { dotted } from './dotted.mjs';
import { flags, trlAsInstalled } from './flags.mjs';

const folder = process.argv[2];
if (!folder) {
  console.error('Say which folder holds the facts: node .ci/catalogue/generate.mjs FOLDER');
  process.exit(2);
}
const facts = (name) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
const out = fileURLToPath(new URL('../../src/domain/frameworks/catalogue/', import.meta.url));

/** One parameter a line, so that a change of a framework reads as a change of lines. */
function write(name, { parameters, removed, ...head }) {
  const rows = (list) => list.map((row) => JSON.stringify(row)).join(',\n');
  const start = JSON.stringify(head).slice(0, -1);
  const text = `${start},"parameters":[\n${rows(parameters)}\n],"removed":[\n${rows(removed)}\n]}\n`;
  writeFileSync(join(out, `${name}.json`), text);
  console.log(`${name}: ${parameters.length} parameters, ${removed.length} removed, ${text.length} bytes`);
}

write('swift', flags('swift', facts('ms-swift.json')));
write('trl', trlAsInstalled(flags('trl', facts('trl.json')), facts('oracle/trl-installed.json')));
write('verl', dotted('verl', facts('verl.json')));
write('easyr1', dotted('easyr1', facts('easyr1.json')));
