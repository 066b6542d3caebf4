import { misuse, parse, type Command } from './command';
import { withRuns } from './open';
import { stateWords } from './words';

const usage = 'stop RUN [--grace SECONDS] [--json]';

/** `grpo stop`: ends a run's whole tree of processes, gracefully and then hard, and says what was ended. */
export const stopCommand: Command = {
  name: 'stop',
  usage,
  summary: 'ends a run: gracefully, then hard',
  run: (args, output) =>
    withRuns(output, async (runs) => {
      const { values, positionals } = parse(usage, args, { grace: { type: 'string' }, json: { type: 'boolean' } });
      const [word, ...more] = positionals;
      const grace = Number(values.grace ?? 20);
      if (word === undefined || more.length > 0) throw misuse(usage, 'One run is needed');
      if (!(grace >= 0)) throw misuse(usage, `--grace ${values.grace} is no number of seconds`);
      const { run, ended } = await runs.stop(await runs.find(word), grace);
      if (values.json) output.print(JSON.stringify({ run, ended }));
      else {
        output.print(`${run.id}: ${stateWords(run)}`);
        for (const { pid, name, signal } of ended) output.print(`  ${signal} ${pid} ${name}`);
      }
      return run.state === 'running' ? 1 : 0;
    }),
};
