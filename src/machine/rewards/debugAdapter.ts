import { execa } from 'execa';

/** Whether a Python can be debugged by itself: its debugpy brings the adapter. */
export async function hasDebugpy(python: string): Promise<boolean> {
  const { exitCode } = await execa(python, ['-c', 'import debugpy.adapter'], { reject: false, timeout: 10_000 });
  return exitCode === 0;
}

/** How that adapter is started: it speaks the Debug Adapter Protocol over its standard streams. */
export const ADAPTER = ['-m', 'debugpy.adapter'] as const;
