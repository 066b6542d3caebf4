import { join, resolve } from 'node:path';
import type { DataForm } from '../../domain/dataset';
import type { DataFinding } from '../../domain/dataset/checking';
import { dataForms } from '../../domain/frameworks/datasets';
import { differences } from '../../domain/templateDifferences';
import { acceptance } from '../data/acceptance';
import { check } from '../data/check';
import { convert, plan } from '../data/convert';
import { preview, sourceText } from '../data/preview';
import { openPaged } from '../data/paged';
import { viewerOf } from '../data/seeing';
import { show } from '../data/show';
import { misuse, parse, type Command, type Output } from './command';
import { checkText, jsonLine, planText, seenText, showText } from './dataText';

const usages = {
  check:
    'data check FILE… [--from FORM] [--against FILE] [--image-dir FOLDER] [--reward FILE.py:NAME] [--python PYTHON] [--json]',
  convert:
    'data convert INPUT OUTPUT --to FORM [--from FORM] [--image-dir FOLDER] [--solution COLUMN] [--dry-run] [--skip-bad] [--json]',
  show: 'data show FILE [--row N] [--count N] [--from FORM] [--template FILE.jinja] [--json]',
  sees: 'data sees FILE [--model FOLDER|ID] [--config FILE] [--limit TOKENS] [--row N] [--count N] [--from FORM] [--image-dir FOLDER] [--json]',
};

/** `grpo data`: data sets in the frameworks' forms, as JSONL, JSON or parquet. */
export const dataCommand: Command = {
  name: 'data',
  usage: 'data check|convert|show|sees FILE… [--json]',
  summary: 'checks a data set, writes it in another form, shows its records, or what a model sees of them',
  run: async ([verb, ...args], output) => {
    if (verb === 'check') return checkFiles(args, output);
    if (verb === 'convert') return convertFile(args, output);
    if (verb === 'show') return showFile(args, output);
    if (verb === 'sees') return showSeen(args, output);
    throw misuse(
      'data check|convert|show|sees FILE…',
      verb === undefined ? 'A verb is needed' : `There is no "data ${verb}"`,
    );
  },
};

async function checkFiles(args: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(usages.check, args, {
    from: { type: 'string' },
    against: { type: 'string' },
    'image-dir': { type: 'string' },
    reward: { type: 'string' },
    python: { type: 'string' },
    json: { type: 'boolean' },
  });
  if (positionals.length === 0) throw misuse(usages.check, 'A file is needed');
  let failed = false;
  for (const file of positionals) {
    const report = await check(resolve(file), {
      ...formGiven(usages.check, values.from),
      ...(values.against === undefined ? {} : { against: resolve(values.against) }),
      ...(values['image-dir'] === undefined ? {} : { mediaFolder: resolve(values['image-dir']) }),
    });
    const rejected = await rejectedBy(values.reward, { file: resolve(file), python: values.python, root: output.root });
    const counts = rejected.length > 0 ? { ...report.counts, rejected: rejected.length } : report.counts;
    const whole = { ...report, counts, findings: [...report.findings, ...rejected.slice(0, 100)] };
    output.print(values.json ? jsonLine({ ...whole, form: report.form?.id ?? null }) : checkText(file, whole));
    failed ||= whole.findings.some(({ weight }) => weight === 'error');
  }
  return failed ? 1 : 0;
}

interface Asked {
  readonly file: string;
  readonly python: string | undefined;
  readonly root: string;
}

/** Records whose own solution the reward does not accept; none where no reward was named. */
async function rejectedBy(reward: string | undefined, { file, python, root }: Asked): Promise<readonly DataFinding[]> {
  if (reward === undefined) return [];
  const [, path, name] = /^(.+):([A-Za-z_]\w*)$/.exec(reward) ?? [];
  if (path === undefined || name === undefined) throw misuse(usages.check, `--reward ${reward} is not FILE.py:NAME`);
  const interpreter = python ?? process.env['GRPO_LENS_PYTHON'] ?? 'python3';
  return acceptance(file, { rewardFile: resolve(path), reward: name, python: interpreter, home: join(root, 'python') });
}

async function convertFile(args: readonly string[], output: Output): Promise<number> {
  const usage = usages.convert;
  const { values, positionals } = parse(usage, args, {
    to: { type: 'string' },
    from: { type: 'string' },
    'image-dir': { type: 'string' },
    solution: { type: 'string' },
    'dry-run': { type: 'boolean' },
    'skip-bad': { type: 'boolean' },
    json: { type: 'boolean' },
  });
  const [input, target, ...more] = positionals;
  if (input === undefined || target === undefined || more.length > 0)
    throw misuse(usage, 'An input and an output are needed');
  const made = await plan({
    input: resolve(input),
    output: resolve(target),
    to: formNamed(usage, values.to),
    ...(values.from === undefined ? {} : { from: formNamed(usage, values.from) }),
    ...(values['image-dir'] === undefined ? {} : { mediaFolder: resolve(values['image-dir']) }),
    ...(values.solution === undefined ? {} : { solution: values.solution }),
  });
  output.note(planText(made));
  const refused = made.badRows > 0 && values['skip-bad'] !== true;
  if (refused) output.note('Nothing was written; --skip-bad leaves these records out.');
  const rows = refused || values['dry-run'] ? 0 : await convert(made);
  const { lost, bad, badRows } = made;
  if (values.json) output.print(jsonLine({ from: made.from.id, rows: made.rows, written: rows, lost, bad, badRows }));
  else if (rows > 0) output.print(`${rows} records written to ${target}.`);
  return refused ? 1 : 0;
}

async function showFile(args: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(usages.show, args, {
    row: { type: 'string' },
    count: { type: 'string' },
    from: { type: 'string' },
    template: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw misuse(usages.show, 'One file is needed');
  const [from, count] = [wholeNumber('--row', values.row ?? '0'), wholeNumber('--count', values.count ?? '5')];
  if (values.template !== undefined) return showFilled(values.template, { file, from, count }, output);
  const shown = await show(resolve(file), { from, count, ...formGiven(usages.show, values.from) });
  for (const record of shown) output.print(values.json ? jsonLine(record) : showText(record));
  if (shown.length === 0) output.note(`${file} has no record ${from}.`);
  return shown.some(({ bad }) => bad !== undefined) || shown.length === 0 ? 1 : 0;
}

/** Records as a prompt template makes them; 1 where the template has a fault. */
async function showFilled(
  template: string,
  { file, from, count }: { readonly file: string; readonly from: number; readonly count: number },
  output: Output,
): Promise<number> {
  const text = await sourceText(resolve(template));
  const { findings, rendered } = await preview(text, resolve(file), { from, count });
  for (const { span, weight, text: said, rule } of findings) {
    const line = text.slice(0, span.start).split('\n').length;
    output.note(`${template}:${line}: ${weight}: ${said} [${rule}]`);
  }
  for (const difference of differences(text)) output.note(`${template}: ${difference}`);
  for (const { record, text: filled, why } of rendered) {
    output.print(`── row ${record.row}\n${filled ?? `${template}: ${why ?? ''}`}`);
  }
  return findings.length > 0 || rendered.some(({ why }) => why !== undefined) ? 1 : 0;
}

/** Records as the model is given them; 1 where one cannot be, or is too long. */
async function showSeen(args: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(usages.sees, args, {
    model: { type: 'string' },
    config: { type: 'string' },
    limit: { type: 'string' },
    row: { type: 'string' },
    count: { type: 'string' },
    from: { type: 'string' },
    'image-dir': { type: 'string' },
    json: { type: 'boolean' },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw misuse(usages.sees, 'One file is needed');
  const given = formGiven(usages.sees, values.from);
  const { form = given.form } = await openPaged(resolve(file));
  const viewer = await viewerOf(resolve(file), form, {
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(values.config === undefined ? {} : { config: resolve(values.config) }),
    ...(values.limit === undefined ? {} : { limit: wholeNumber('--limit', values.limit) }),
    ...(values['image-dir'] === undefined ? {} : { mediaFolder: resolve(values['image-dir']) }),
  });
  const [from, count] = [wholeNumber('--row', values.row ?? '0'), wholeNumber('--count', values.count ?? '5')];
  let failed = false;
  for (const { row, record, bad } of await show(resolve(file), { from, count, ...given })) {
    const seen = record && (await viewer.see(record));
    failed ||= !seen || seen.overlong !== undefined;
    if (values.json) output.print(jsonLine(seen ? { row, ...seen } : { row, bad }));
    else output.print(seen ? seenText(row, seen) : `── row ${row}\n${bad ?? ''}`);
  }
  return failed ? 1 : 0;
}

function wholeNumber(option: string, text: string): number {
  if (/^\d{1,12}$/.test(text)) return Number(text);
  throw misuse(usages.show, `${option} ${text} is no whole number`);
}

function formGiven(usage: string, name: string | undefined): { readonly form?: DataForm } {
  return name === undefined ? {} : { form: formNamed(usage, name) };
}

/** By id or by the first word of the form's name, however it is written. */
function formNamed(usage: string, name: string | undefined): DataForm {
  const words = (form: DataForm): string[] => [form.id, form.name.split(' ')[0]?.toLowerCase() ?? ''];
  const found = dataForms.find((form) => name !== undefined && words(form).includes(name.toLowerCase()));
  if (found) return found;
  const known = dataForms.map((form) => `${form.id} (${form.name})`).join(', ');
  throw misuse(usage, `${name === undefined ? 'A form is needed' : `There is no form "${name}"`}; forms are ${known}`);
}
