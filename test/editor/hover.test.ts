import assert from 'node:assert/strict';
import { screenshot } from './support/screenshot';
import { hoverOver } from './support/texts';
import { openFile, window } from './support/window';

describe('a launch script', () => {
  it('explains the parameter under the mouse', async () => {
    const editor = await openFile('swift-clevr/train.sh');
    const text = await hoverOver(editor, '--num_generations');
    assert.match(text, /num_generations/);
    assert.match(text, /int/);
    assert.match(text, /ms-swift/);
    const page = await window();
    await page
      .locator('.editor-group-container.active .view-line span span', { hasText: '--num_generations' })
      .first()
      .hover();
    await page.locator('.monaco-hover:visible', { hasText: 'num_generations' }).first().waitFor();
    await screenshot('hover');
  });
});
