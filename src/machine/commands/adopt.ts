import { resolve } from 'node:path';
import { misuse, parse, type Command } from './command';
import { withRuns } from './open';
import { stateWords } from './words';

const usage = 'adopt FOLDER [--target NAME] [--json]';

/** `grpo adopt`: takes the output folder of a training that was started elsewhere as a run. */
export const adoptCommand: Command = {
  name: 'adopt',
  usage,
  summary: 'takes the output folder of a training that was started elsewhere as a run',
  run: (args, output) =>
    withRuns(output, async (runs) => {
      const { values, positionals } = parse(usage, args, { target: { type: 'string' }, json: { type: 'boolean' } });
      const [folder, ...more] = positionals;
      if (folder === undefined || more.length > 0) throw misuse(usage, 'One folder is needed');
      const { target = 'here' } = values;
      const run = await runs.adopt(target === 'here' ? resolve(folder) : folder, target);
      output.print(values.json ? JSON.stringify(run) : `${run.id}: ${run.name}, ${stateWords(run)}`);
      return 0;
    }),
};
