import { spawn } from 'node:child_process';
import { Problem } from '../../domain/problem';
import { keepErrors, pipeOver } from './pipe';
import type { Program } from './program';
import type { Shell } from '../shell';

interface HereOptions {
  readonly python?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly platform?: NodeJS.Platform;
}

/** This machine: `host.py` as it stands in our own folder. */
export function here(program: Program, { python = 'python3', env, platform = process.platform }: HereOptions): Shell {
  return {
    name: 'here',
    open: async () => {
      if (platform === 'win32') throw unsupported();
      const child = spawn(python, ['-E', '-S', program.file, 'serve'], {
        stdio: ['pipe', 'pipe', 'pipe'],
        env: { ...env },
      });
      const errors = keepErrors(child);
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', (error: NodeJS.ErrnoException) => reject(noPython(python, error.message)));
      });
      return pipeOver(child, () => gone(errors()));
    },
  };
}

function noPython(python: string, detail: string): Problem {
  const message = `Python could not be started by "${python}": choose an interpreter (3.9 or newer).`;
  return new Problem({ code: 'no-python', message, detail, remedy: 'choose-interpreter' });
}

function gone(detail: string): Problem {
  return new Problem({ code: 'closed', message: 'The program that watches runs here has ended.', detail });
}

function unsupported(): Problem {
  return new Problem({
    code: 'unsupported',
    message: 'Runs can be started here on Linux and macOS only: choose an ssh target.',
    remedy: 'edit-target',
  });
}
