// The window: VS Code's workbench in a headless Chromium.
import path from 'node:path';
import { chromium as playwright } from 'playwright-core';
import { chromium } from '../system.mjs';

const SIZE = { width: 1400, height: 900 };

/** Where a window under test finds its server, whose port is another each time: what is cached is cached by origin. */
export const ORIGIN = 'http://lens.localhost';

/**
 * Starts Chromium with an empty profile in `temp`; other programs may join it at `debuggingPort` over CDP. With a
 * `server`, that is what stands at ORIGIN. `cache`: a folder of files that it may have from windows before.
 */
export async function startBrowser({ temp, debuggingPort, server, cache }) {
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
      `--host-resolver-rules=${server ? `MAP lens.localhost ${new URL(server).host}, ` : ''}MAP * ~NOTFOUND, EXCLUDE 127.0.0.1`,
      ...(cache ? [`--disk-cache-dir=${cache}`] : []),
      // Windows live for seconds or few minutes: code that is compiled to be fast is not earned back.
      '--js-flags=--no-turbofan,--no-maglev',
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

/** What moves is drawn sixty times a second, without a graphics card, and nobody looks. */
export async function holdStill(context) {
  await context.addInitScript(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*, *::before, *::after { animation: none !important; transition: none !important; }');
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
  });
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
export function workbench({ folder, othersDisabled }) {
  const query = new URLSearchParams(folder ? { folder } : { ew: 'true' });
  const payload = [
    ['skipWelcome', 'true'],
    ['skipReleaseNotes', 'true'],
    ...(othersDisabled ? [['disableExtensions', 'true']] : []),
  ];
  query.set('payload', JSON.stringify(payload));
  return `${ORIGIN}/?${query}`;
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
