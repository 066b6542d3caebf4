import { Problem } from '../../domain/problem';
import { wrongResource } from '../../domain/runs/resources';
import { readTargets, writeTarget, type TargetSettings } from '../hosts/target';
import { misuse, parse, type Command, type Output } from './command';
import { withRuns } from './open';
import { resourceOptions, resourcesOf } from './resources';
import { columns } from './words';

const usage =
  'target [NAME [--ssh HOST] [--python PATH] [--setup SHELL] [--home FOLDER] [--detach systemd|tmux|setsid] [--scheduler slurm|ray] [--address URL] [--gpus N] [--nodes N] [--time T] [--partition P] [--cpus N] [--memory M] [--account A] [--qos Q] [--option=--X=Y]…] [--json]';

/** `grpo target`: the places to run; with a name, what that one has; with settings, adds or changes it. */
export const targetCommand: Command = {
  name: 'target',
  usage,
  summary: 'lists targets, looks at one, or sets one up',
  run: async (args, output) => {
    const { values, positionals } = parse(usage, args, {
      ssh: { type: 'string' },
      python: { type: 'string' },
      setup: { type: 'string' },
      home: { type: 'string' },
      detach: { type: 'string' },
      scheduler: { type: 'string' },
      address: { type: 'string' },
      ...resourceOptions,
      json: { type: 'boolean' },
    });
    const [name, ...more] = positionals;
    if (name === '' || more.length > 0) throw misuse(usage, 'One target at a time, by its name');
    const { json = false } = values;
    const settings = settingsOf(values);
    const wrong = wrongResource(settings.resources ?? {});
    if (wrong !== undefined) throw misuse(usage, wrong);
    if (name === undefined) return list(json, output);
    if (Object.keys(settings).length > 0) await writeTarget(name, settings);
    return look(name, json, output);
  },
};

type Values = Parameters<typeof resourcesOf>[0] & {
  readonly [K in 'ssh' | 'python' | 'setup' | 'home' | 'detach' | 'scheduler' | 'address']?: string | undefined;
};

function settingsOf(values: Values): TargetSettings {
  const { ssh, python, setup, home, detach, scheduler, address } = values;
  if (detach !== undefined && !isWay(detach)) throw misuse(usage, `"${detach}" is no way to detach`);
  if (scheduler !== undefined && scheduler !== 'slurm' && scheduler !== 'ray')
    throw misuse(usage, `"${scheduler}" is no scheduler that is known: slurm and ray are`);
  if (address !== undefined && scheduler === undefined) throw misuse(usage, '--address is that of a scheduler');
  const plain = Object.entries({ ssh, python, setup, home, detach }).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(plain) as TargetSettings),
    ...(scheduler === undefined
      ? {}
      : { scheduler: { name: scheduler, ...(address === undefined ? {} : { address }) } }),
    ...(resourcesOf(values) as Pick<TargetSettings, 'resources'>),
  };
}

function isWay(word: string): word is 'systemd' | 'tmux' | 'setsid' {
  return ['systemd', 'tmux', 'setsid'].includes(word);
}

async function list(json: boolean, output: Output): Promise<number> {
  const targets = await readTargets();
  const rows = Object.entries(targets).map(([name, { ssh, setup, scheduler }]) => [
    name,
    ssh ?? 'this machine',
    scheduler?.name ?? '',
    setup ?? '',
  ]);
  output.print(json ? JSON.stringify(targets) : columns(rows));
  return 0;
}

/** What must be there is looked at in one round trip, and said. */
function look(name: string, json: boolean, output: Output): Promise<number> {
  return withRuns(output, async (runs) => {
    const info = await runs.host(name);
    if (json) {
      output.print(JSON.stringify(info));
      return 0;
    }
    const gpus = info.gpus.map(
      ({ index, name: gpu, usedMiB, totalMiB }) => `${index}: ${gpu}, ${usedMiB ?? '?'} of ${totalMiB ?? '?'} MiB used`,
    );
    const packages = Object.entries(info.packages).map(([name, version]) => `${name} ${version}`);
    output.print(
      columns([
        ['host', info.host],
        ['Python', info.python],
        ['GPUs', gpus.join('; ') || 'none that nvidia-smi knows'],
        ['disk', `${Math.round(info.disk.free / 1e9)} GB free at ${info.disk.folder}`],
        [
          'detach',
          `${info.detach.join(', ')}${info.logout ? ' (ends at logout: run loginctl enable-linger there)' : ''}`,
        ],
        ['packages', packages.join(', ') || 'none of the known frameworks'],
      ]),
    );
    if (info.disk.free < 1e9) throw new Problem({ code: 'refused', message: `${name} has less than 1 GB free.` });
    return 0;
  });
}
