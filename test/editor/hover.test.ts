import assert from 'node:assert/strict';
import { screenshot } from './support/screenshot';
import { hoverOver, until } from './support/texts';
import { openFile, window } from './support/window';

describe('a launch script', () => {
  it('explains the parameter under the mouse', async () => {
    const editor = await openFile('swift-clevr/train.sh');
    const text = await hoverOver(editor, '--num_generations');
    assert.match(text, /num_generations/);
    assert.match(text, /int/);
    assert.match(text, /ms-swift/);
    const page = await window();
    const word = page.locator('.editor-group-container.active .view-line span span', { hasText: '--num_generations' });
    const shown = page.locator('.monaco-hover:visible', { hasText: 'num_generations' }).first();
    // Lenses and inlay hints that come meanwhile move the text away from under the mouse.
    await until({
      what: 'the hover under the mouse',
      ask: async () => {
        await page.mouse.move(0, 0);
        await word.first().hover();
        return shown.waitFor({ timeout: 2000 }).then(
          () => true,
          () => false,
        );
      },
      enough: (there) => there,
    });
    await screenshot('hover');
  });
});
