import { resolve } from 'node:path';
import { checkWith, type Asking } from '../data/checkWith';
import type { MediaPlace } from '../data/brought';
import type { ViewWish } from '../data/seeing';
import { misuse, parse, type Output } from './command';
import { withDataset } from './dataPlace';
import { formGiven, wholeNumber } from './dataOptions';
import { checkText, jsonLine } from './dataText';

/** How `grpo data check` is used. */
export const checkUsage =
  'data check FILE… [--from FORM] [--against FILE] [--target HOST] [--image-dir FOLDER] [--config FILE] [--model FOLDER|ID] [--limit TOKENS] [--reward FILE.py:NAME] [--python PYTHON] [--json]';

const OPTIONS = {
  from: { type: 'string' },
  against: { type: 'string' },
  target: { type: 'string' },
  'image-dir': { type: 'string' },
  config: { type: 'string' },
  model: { type: 'string' },
  limit: { type: 'string' },
  reward: { type: 'string' },
  python: { type: 'string' },
  json: { type: 'boolean' },
} as const;

type Values = Readonly<Partial<Record<Exclude<keyof typeof OPTIONS, 'json'>, string>>>;

/** What is wrong with data sets, each by itself and beside the training that will use it; 1 where there is an error. */
export async function checkFiles(args: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(checkUsage, args, OPTIONS);
  if (positionals.length === 0) throw misuse(checkUsage, 'A file is needed');
  const { json, ...texts } = values;
  const wish = {
    ...formGiven(checkUsage, values.from),
    ...(values.against === undefined ? {} : { against: resolve(values.against) }),
    ...askingAsked(texts),
  };
  let failed = false;
  const { target, 'image-dir': images } = values;
  for (const file of positionals) {
    const report = await withDataset({ file, target, images }, output, ({ file: own, ...media }) =>
      checkWith(own, { ...wish, ...media, ...viewAsked(texts, media) }, output),
    );
    const shown = target === undefined ? resolve(file) : file;
    output.print(json ? jsonLine({ ...report, form: report.form?.id ?? null }) : checkText(shown, report));
    failed ||= report.findings.some(({ weight }) => weight === 'error');
  }
  return failed ? 1 : 0;
}

function viewAsked({ model, config, limit }: Values, media: MediaPlace): { readonly view?: ViewWish } {
  if (model === undefined && config === undefined) {
    if (limit === undefined) return {};
    throw misuse(checkUsage, '--limit is counted in tokens of a model: --model or --config is needed, too');
  }
  const view = {
    ...(model === undefined ? {} : { model }),
    ...(config === undefined ? {} : { config: resolve(config) }),
    ...(limit === undefined ? {} : { limit: wholeNumber(checkUsage, '--limit', limit) }),
    ...media,
  };
  return { view };
}

function askingAsked({ reward, config, python }: Values): { readonly asking?: Asking } {
  if (reward === undefined && config === undefined) return {};
  const [, path, name] = /^(.+):([A-Za-z_]\w*)$/.exec(reward ?? '') ?? [];
  if (reward !== undefined && name === undefined) throw misuse(checkUsage, `--reward ${reward} is not FILE.py:NAME`);
  const asked = path === undefined || name === undefined ? {} : { path: resolve(path), name };
  return { asking: { ...asked, python: python ?? process.env['GRPO_LENS_PYTHON'] ?? 'python3' } };
}
