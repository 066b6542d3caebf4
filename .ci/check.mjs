// `npm run check`: types, lint, format, unused code, Python. All of them run, so that one sees every fault at once.
import { installPackages } from './packages.mjs';
import { run, say } from './steps.mjs';

await installPackages();
const failed = [];
for (const name of ['types', 'lint', 'format', 'unused', 'python']) {
  say(name);
  if ((await run('npm', ['run', '--silent', `check:${name}`])) !== 0) failed.push(name);
}
console.log(failed.length === 0 ? '\n✔ all checks passed' : `\n✗ failed: ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
