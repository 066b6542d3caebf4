import { folded } from '../../domain/runs/progress';
import { diskOf } from '../disk';
import { callTexts, metOf, metRows } from '../runs/met';
import { misuse, parse, type Command } from './command';
import { withRuns } from './open';
import { age, columns, stateWords, whyWords, WHY_BYTES } from './words';

const usage = 'show RUN [--json]';

/** Characters of the log's end that are shown. */
const END = 4000;

/** The end of a log as a terminal would show it, from its first whole line on. */
function tailWords(log: string): string {
  const end = log.trimEnd().slice(-END);
  const lines = end.split('\n');
  return (end.length < END ? lines : lines.slice(1)).map(folded).join('\n');
}

/** `grpo show`: what a run was, what was carried out, and the end of its log. */
export const showCommand: Command = {
  name: 'show',
  usage,
  summary: 'tells all about one run',
  run: (args, output) =>
    withRuns(output, async (runs) => {
      const { values, positionals } = parse(usage, args, { json: { type: 'boolean' } });
      const [word, ...more] = positionals;
      if (word === undefined || more.length > 0) throw misuse(usage, 'One run is needed');
      const run = await runs.find(word);
      const textOf = async (path: string, offset = 0): Promise<string> =>
        (await runs.read(run, path, { offset })).bytes.toString('utf8');
      const script = run.attempts === 0 ? '' : await textOf(`${run.folder}/attempts/${run.attempts}/script.sh`);
      const log = run.log === undefined ? '' : await textOf(run.log, -WHY_BYTES);
      const met =
        run.attempts === 0 ? undefined : await metOf(diskOf(runs, run), `${run.folder}/attempts/${run.attempts}`);
      if (values.json) {
        output.print(JSON.stringify({ run, met, script, log }));
        return 0;
      }
      const { launch } = run;
      const rows = [
        ['state', stateWords(run)],
        ['why', whyWords(run, log).join(' ')],
        ['for', age(run)],
        ['target', run.target],
        ['attempts', String(run.attempts)],
        ['folder', run.folder],
        ['log', run.log ?? ''],
        ['outputs', run.outputs ?? ''],
        ['framework', launch?.framework ?? ''],
        ['secrets', launch?.secrets.join(', ') ?? ''],
        ...metRows(met),
        ['locked', run.locked ?? ''],
      ].filter(([, value]) => value !== '');
      const settings = Object.entries(launch?.settings ?? {}).map(
        ([path, value]) => `${path}: ${JSON.stringify(value)}`,
      );
      output.print(
        [
          `${run.id} (${run.name})`,
          columns(rows),
          '',
          ...settings,
          ...(settings.length > 0 ? [''] : []),
          ...(met ? callTexts(met) : []).flatMap(({ name, text }) => [`${name}:`, text, '']),
          script.trimEnd(),
          '',
          tailWords(log),
        ]
          .join('\n')
          .trimEnd(),
      );
      return 0;
    }),
};
