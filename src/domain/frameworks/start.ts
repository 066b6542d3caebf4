import type { FrameworkId } from './framework';

type Starts = (file: { readonly folder: string; readonly name: string }) => readonly string[];

/** How a training is started from a configuration file; a trainer of the user's has its own way, which no file tells. */
const WAYS: Readonly<Record<FrameworkId, Starts | undefined>> = {
  // `trl grpo --config x.yaml` (`trl:trl/scripts/utils.py` TrlParser @ v1.10)
  trl: ({ folder, name }) => ['trl', 'grpo', '--config', `${folder}/${name}`],
  // the file comes first (`ms-swift:swift/cli/main.py` @ v4.1.0; before, it was `--config FILE`)
  swift: ({ folder, name }) => ['swift', 'rlhf', `${folder}/${name}`],
  // `verl/trainer/main_ppo.py`: Hydra, `--config-path` and `--config-name` without its ending
  verl: ({ folder, name }) => [
    ...['python3', '-m', 'verl.trainer.main_ppo'],
    ...['--config-path', folder, '--config-name', name.replace(/\.ya?ml$/, '')],
  ],
  // `verl/trainer/main.py` (EasyR1): OmegaConf's `config=FILE`
  easyr1: ({ folder, name }) => ['python3', '-m', 'verl.trainer.main', `config=${folder}/${name}`],
  own: undefined,
};

const PATHS: ReadonlySet<FrameworkId> = new Set(['verl', 'easyr1']);

/** Whether a framework's program takes `path=value`; the others take `--name value`. */
export function takesPaths(framework: FrameworkId): boolean {
  return PATHS.has(framework);
}

/** The command that trains by a configuration file; undefined where the framework does not say how. */
export function startCommand(framework: FrameworkId, folder: string, name: string): readonly string[] | undefined {
  return WAYS[framework]?.({ folder, name });
}
