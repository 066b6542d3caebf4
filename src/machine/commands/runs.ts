import { misuse, parse, type Command } from './command';
import { withRuns } from './open';
import { age, columns, stateWords } from './words';

const usage = 'runs [--target NAME] [--json]';

/** `grpo runs`: every run on every target, the newest first. */
export const runsCommand: Command = {
  name: 'runs',
  usage,
  summary: 'lists the runs of all targets',
  run: (args, output) =>
    withRuns(output, async (runs) => {
      const { values, positionals } = parse(usage, args, { target: { type: 'string' }, json: { type: 'boolean' } });
      if (positionals.length > 0) throw misuse(usage, 'It takes no words; grpo show RUN tells of one run');
      const listing = await runs.list(values.target);
      const problems = listing.problems.map(({ target, problem }) => ({ target, problem: problem.record }));
      if (values.json) output.print(JSON.stringify({ runs: listing.runs, problems }));
      else {
        const rows = listing.runs.map((run) => [run.id, run.name, run.target, stateWords(run), age(run)]);
        if (rows.length > 0) output.print(columns([['RUN', 'NAME', 'TARGET', 'STATE', 'FOR'], ...rows]));
        else if (problems.length === 0) output.print('There are no runs yet.');
        for (const { target, problem } of problems) output.note(`${target}: ${problem.message}`);
      }
      return problems.length > 0 ? 1 : 0;
    }),
};
