/** A page of an experiment tracker that a log names. */
export interface TrackerPage {
  readonly tracker: 'wandb' | 'swanlab' | 'tensorboard';
  readonly url: string;
}

const COLOURS = /\x1b\[[0-9;]*m/g;
const PAGE = /https?:\/\/[^\s"'<>)\]]+/g;

/**
 * Pages that a log links to, each once, the most particular first: `wandb: 🚀 View run at https://wandb.ai/…/runs/…`,
 * `swanlab: 🚀 View run at https://swanlab.cn/@…/runs/…`, and TensorBoard's address. A self-hosted tracker is known by
 * its own word at the line's beginning.
 */
export function trackerPages(log: string): readonly TrackerPage[] {
  const found = log
    .replace(COLOURS, '')
    .split('\n')
    .flatMap((line) => [...line.matchAll(PAGE)].flatMap(([url]) => pageOf(url.replace(/[.,;]+$/, ''), line)));
  const once = [...new Map(found.map((page) => [page.url, page])).values()];
  return once.sort((a, b) => Number(isRun(b)) - Number(isRun(a)));
}

function pageOf(url: string, line: string): readonly TrackerPage[] {
  const host = url.split('/')[2] ?? '';
  const path = url.split('/').slice(3).join('/');
  if (path === '' || /^(settings|authorize|docs|site)\b/.test(path) || host.startsWith('docs.')) return [];
  if (/(^|\.)wandb\.ai$/.test(host) || (/^\s*wandb:.*View /.test(line) && !host.endsWith('github.com')))
    return [{ tracker: 'wandb', url }];
  if (/(^|\.)swanlab\.(cn|ai)$/.test(host) || /^\s*swanlab:.*View /.test(line)) return [{ tracker: 'swanlab', url }];
  return /^TensorBoard .* at /.test(line) ? [{ tracker: 'tensorboard', url }] : [];
}

/** Is it the page of one run? */
export function isRun({ url }: TrackerPage): boolean {
  return /\/runs?\//.test(url);
}
