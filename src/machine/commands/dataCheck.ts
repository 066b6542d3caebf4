import { join, resolve } from 'node:path';
import type { DataFinding } from '../../domain/dataset/checking';
import { acceptance } from '../data/acceptance';
import { check } from '../data/check';
import { openPaged } from '../data/paged';
import { viewerOf, type Viewer, type ViewWish } from '../data/seeing';
import { Rewards } from '../rewards';
import { misuse, parse, type Output } from './command';
import { formGiven, wholeNumber } from './dataOptions';
import { checkText, jsonLine } from './dataText';
import { targetsOf } from './scoreTargets';

const usage =
  'data check FILE… [--from FORM] [--against FILE] [--image-dir FOLDER] [--config FILE] [--model FOLDER|ID] [--limit TOKENS] [--reward FILE.py:NAME] [--python PYTHON] [--json]';

/** What is wrong with data sets, each by itself and beside the training that will use it; 1 where there is an error. */
export async function checkFiles(args: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(usage, args, {
    from: { type: 'string' },
    against: { type: 'string' },
    'image-dir': { type: 'string' },
    config: { type: 'string' },
    model: { type: 'string' },
    limit: { type: 'string' },
    reward: { type: 'string' },
    python: { type: 'string' },
    json: { type: 'boolean' },
  });
  if (positionals.length === 0) throw misuse(usage, 'A file is needed');
  const wish: ViewWish = {
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(values.config === undefined ? {} : { config: resolve(values.config) }),
    ...(values.limit === undefined ? {} : { limit: wholeNumber(usage, '--limit', values.limit) }),
    ...(values['image-dir'] === undefined ? {} : { mediaFolder: resolve(values['image-dir']) }),
  };
  let failed = false;
  for (const file of positionals.map((named) => resolve(named))) {
    const given = formGiven(usage, values.from);
    const viewer = (wish.model ?? wish.config) ? await viewing(file, wish) : undefined;
    const report = await check(file, {
      ...given,
      ...(viewer ? { viewer } : {}),
      ...(values.against === undefined ? {} : { against: resolve(values.against) }),
      ...(wish.mediaFolder === undefined ? {} : { mediaFolder: wish.mediaFolder }),
    });
    const rejected = await rejectedBy(file, { ...values, wrapper: viewer?.wrapper }, output);
    const counts = rejected.length > 0 ? { ...report.counts, rejected: rejected.length } : report.counts;
    const whole = { ...report, counts, findings: [...report.findings, ...rejected.slice(0, 100)] };
    output.print(values.json ? jsonLine({ ...whole, form: report.form?.id ?? null }) : checkText(file, whole));
    failed ||= whole.findings.some(({ weight }) => weight === 'error');
  }
  return failed ? 1 : 0;
}

async function viewing(file: string, wish: ViewWish): Promise<Viewer> {
  const { form } = await openPaged(file);
  return viewerOf(file, form, wish);
}

interface Asked {
  readonly reward?: string | undefined;
  readonly config?: string | undefined;
  readonly python?: string | undefined;
  readonly wrapper?: string | undefined;
}

/** Records whose own solution the rewards do not accept; none where no reward was named. */
async function rejectedBy(file: string, asked: Asked, output: Output): Promise<readonly DataFinding[]> {
  const { reward, config, wrapper } = asked;
  if (reward === undefined && config === undefined) return [];
  const [, path, name] = /^(.+):([A-Za-z_]\w*)$/.exec(reward ?? '') ?? [];
  if (reward !== undefined && name === undefined) throw misuse(usage, `--reward ${reward} is not FILE.py:NAME`);
  const python = asked.python ?? process.env['GRPO_LENS_PYTHON'] ?? 'python3';
  const rewards = new Rewards({ python, home: join(output.root, 'python') });
  try {
    const named = { ...(path === undefined ? {} : { path: resolve(path) }), ...(name === undefined ? {} : { name }) };
    const from = config === undefined ? {} : { config: resolve(config) };
    const judges = await targetsOf({ ...named, ...from, python, timeout: 60, json: false }, rewards, output);
    return await acceptance(file, { rewards, judges, ...(wrapper === undefined ? {} : { wrapper }) });
  } finally {
    rewards.dispose();
  }
}
