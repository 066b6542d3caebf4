import * as vscode from 'vscode';

describe('a suite whose extension host dies', () => {
  it('passes at first', () => {});
  it('ends the process as if all were well, or is killed', () => {
    if (vscode.workspace.isTrusted) process.exit(0);
    process.kill(process.pid, 'SIGKILL');
  });
});
