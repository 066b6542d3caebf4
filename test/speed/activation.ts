import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';

describe('activation', () => {
  it('is measured from the first byte of our code', async () => {
    const extension = vscode.extensions.getExtension('grpo-lens.grpo-lens');
    assert.ok(extension);
    assert.equal(extension.isActive, false, 'it was active before anything asked for it');
    const start = performance.now();
    await extension.activate();
    writeFileSync(process.env.GRPO_LENS_FIGURE ?? '', String(performance.now() - start));
  });
});
