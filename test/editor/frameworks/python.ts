import * as vscode from 'vscode';

/** Rewards run in the Python that has the packages from PyPI. */
export async function useTestPython(): Promise<void> {
  const settings = vscode.workspace.getConfiguration();
  await settings.update('grpoLens.python.interpreter', process.env.GRPO_LENS_TEST_PYTHON);
}
