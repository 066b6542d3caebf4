// The window: VS Code's workbench in a headless Chromium.
import path from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { chromium } from '../system.mjs';

const SIZE = { width: 1400, height: 900 };

/** Starts Chromium with an empty profile in `temp`; other programs may join it at `debuggingPort` over CDP. */
export async function startBrowser({ temp, debuggingPort }) {
  const executablePath = chromium();
  if (!executablePath) throw new Error('There is no Chromium on this machine.');
  const context = await playwright.launchPersistentContext(path.join(temp, 'chromium'), {
    executablePath,
    headless: true,
    viewport: SIZE,
    chromiumSandbox: false,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
      ...['--disable-component-update', '--disable-sync', '--disable-features=Translate,OptimizationHints,MediaRouter'],
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
      ...[`--remote-debugging-port=${debuggingPort}`, '--remote-debugging-address=127.0.0.1'],
    ],
  });
  return { context, page: context.pages()[0] ?? (await context.newPage()) };
}

/** Gives `page` what the workbench calls at the end of a test run; must be called before it is opened. */
export async function listenToTests(page, onExit) {
  await page.exposeFunction('codeAutomationLog', (type, words) => {
    if (isNoise(words)) return;
    const write = type === 'error' ? console.error : type === 'warn' ? console.warn : console.log;
    write(...words);
  });
  await page.exposeFunction('codeAutomationExit', (code) => onExit(code));
}

/** Tells the workbench what is developed and tested, in the way an embedder of it would. */
export async function develop(page, { extensions, testsPath }, authority) {
  const uri = (file) => ({ $mid: 1, scheme: 'vscode-remote', authority, path: file });
  const options = { extensions: extensions.map(uri), ...(testsPath ? { extensionTestsPath: uri(testsPath) } : {}) };
  await page.addInitScript((developmentOptions) => {
    if (window.top !== window) return;
    new MutationObserver((_, observer) => {
      const meta = document.getElementById('vscode-workbench-web-configuration');
      if (!meta) return;
      observer.disconnect();
      const settings = JSON.parse(meta.getAttribute('data-settings'));
      settings.developmentOptions = { ...settings.developmentOptions, ...developmentOptions };
      meta.setAttribute('data-settings', JSON.stringify(settings));
    }).observe(document, { childList: true, subtree: true });
  }, options);
}

/** The address of the workbench on a folder. */
export function workbench(origin, { folder, othersDisabled }) {
  const query = new URLSearchParams(folder ? { folder } : { ew: 'true' });
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
    ...(othersDisabled ? [['disableExtensions', 'true']] : []),
  ];
  query.set('payload', JSON.stringify(payload));
  return `${origin}/?${query}`;
}

/** The workbench logs about itself in the channel of the tests. */
function isNoise(words) {
  const text = words.join(' ');
  return (
    /^(Ignoring fetching additional builtin|Updating additional builtin|Resolv(ing|ed) connection token|Creating a socket)/.test(
      text,
    ) ||
    /^\[(remote-connection|reconnection-grace-time|Service Worker|AgentHost:remote|AccountPolicyGate)\]/.test(text) ||
    text.includes('not a web extension')
  );
}
