// Looks at a window as a user would: is the extension there, and does it activate?
import { startBrowser } from './browser.mjs';

/** Logs in, opens the folder, runs "GRPO: Show Log" from the palette and waits for the log; answers an exit code. */
export async function checkWindow({ temp, address, password }) {
  const { context, page } = await startBrowser({ temp, debuggingPort: 0 });
  page.setDefaultTimeout(60_000);
  try {
    await page.goto(address);
    await page.locator('input[name=password]').fill(password);
    await page.keyboard.press('Enter');
    await page.locator('.monaco-workbench').waitFor();
    await page.locator('.explorer-viewlet .monaco-list-row', { hasText: 'trl-count' }).first().waitFor();
    await runCommand(page, 'GRPO: Show Log');
    await page.locator('.part.panel .output-view-container, .part.panel .output-view').first().waitFor();
    console.log('✔ the window is there, and the extension in it answers');
    return 0;
  } catch (error) {
    console.error(`✗ the window does not work: ${error.message}`);
    return 1;
  } finally {
    await context.close();
  }
}

/** The palette does not refresh while it is open: until the command is there, it is opened again. */
async function runCommand(page, title) {
  const row = page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first();
  for (let tries = 0; tries < 20; tries++) {
    await page.keyboard.press('F1');
    await page.locator('.quick-input-widget input').fill(`>${title}`);
    await page.waitForTimeout(1000);
    if (await row.isVisible()) return page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
  }
  throw new Error(`the palette never showed "${title}"`);
}
