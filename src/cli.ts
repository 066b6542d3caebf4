import { dirname } from 'node:path';
import { runCommand } from './machine/commands/all';

const print = (text: string): void => void process.stdout.write(`${text}\n`);
const note = (text: string): void => void process.stderr.write(`${text}\n`);

/** A reader that has seen enough (`grpo … | head`) is no failure. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

void runCommand(process.argv.slice(2), { print, note, root: dirname(__dirname) }).then((status) => {
  process.exitCode = status;
});
