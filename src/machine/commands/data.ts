import { join, resolve } from 'node:path';
import { differences } from '../../domain/dataset/templateDifferences';
import { convert, drop, plan, type Conversion } from '../data/convert';
import { preview, sourceText } from '../data/preview';
import { show } from '../data/show';
import { misuse, parse, type Command, type Output } from './command';
import { checkFiles, checkUsage } from './dataCheck';
import { withDataset } from './dataPlace';
import { interruptible } from './interruptible';
import { formGiven, formNamed, wholeNumber } from './dataOptions';
import { seesUsage, showSeen } from './dataSees';
import { jsonLine, planText, showText } from './dataText';

const usages = {
  convert:
    'data convert INPUT OUTPUT --to FORM [--from FORM] [--image-dir FOLDER] [--solution COLUMN] [--dry-run] [--skip-bad] [--json]',
  show: 'data show FILE [--target HOST] [--row N] [--count N] [--from FORM] [--template FILE.jinja] [--json]',
};

/** `grpo data`: data sets in the frameworks' forms, as JSONL, JSON or parquet. */
export const dataCommand: Command = {
  name: 'data',
  usage: 'data check|convert|show|sees FILE… [--json]',
  usages: [checkUsage, usages.convert, usages.show, seesUsage],
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
  const asked = {
    input: resolve(input),
    output: resolve(target),
    to: formNamed(usage, values.to),
    ...(values.from === undefined ? {} : { from: formNamed(usage, values.from) }),
    ...(values['image-dir'] === undefined ? {} : { mediaFolder: resolve(values['image-dir']) }),
    ...(values.solution === undefined ? {} : { solution: values.solution }),
  };
  const { json = false, 'dry-run': dry = false, 'skip-bad': skip = false } = values;
  return interruptible((signal) => converted(asked, { json, dry, skip, signal }, output));
}

interface Converting {
  readonly json: boolean;
  readonly dry: boolean;
  readonly skip: boolean;
  readonly signal: AbortSignal;
}

/** 1 where records that cannot be read keep it from being done. */
async function converted(asked: Conversion, how: Converting, output: Output): Promise<number> {
  const pace = { threads: join(output.root, 'dist', 'convertWorker.js'), signal: how.signal };
  const made = await plan(asked, { ...pace, ahead: !how.dry });
  output.note(planText(made));
  const refused = made.badRows > 0 && !how.skip;
  if (refused) await drop(made);
  if (refused) output.note('Nothing was written; --skip-bad leaves these records out.');
  const rows = refused || how.dry ? 0 : await convert(made, pace);
  const { lost, bad, badRows } = made;
  if (how.json) output.print(jsonLine({ from: made.from.id, rows: made.rows, written: rows, lost, bad, badRows }));
  else if (rows > 0) output.print(`${rows} records written to ${asked.output}.`);
  return refused ? 1 : 0;
}

async function showFile(args: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(usages.show, args, {
    target: { type: 'string' },
    row: { type: 'string' },
    count: { type: 'string' },
    from: { type: 'string' },
    template: { type: 'string' },
    json: { type: 'boolean' },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw misuse(usages.show, 'One file is needed');
  const [from, count] = [
    wholeNumber(usages.show, '--row', values.row ?? '0'),
    wholeNumber(usages.show, '--count', values.count ?? '5'),
  ];
  const { template, target } = values;
  if (template !== undefined)
    return withDataset({ file, target }, output, (own) =>
      showFilled(template, { file: own.file, from, count }, output),
    );
  const form = formGiven(usages.show, values.from);
  const shown = await withDataset({ file, target }, output, (own) => show(own.file, { from, count, ...form }));
  for (const record of shown) output.print(values.json ? jsonLine(record) : showText(record));
  const none = count > 0 && shown.length === 0;
  if (none) output.note(`${file} has no record ${from}.`);
  return none || shown.some(({ bad }) => bad !== undefined) ? 1 : 0;
}

/** Records as a prompt template makes them; 1 where the template has a fault. */
async function showFilled(
  template: string,
  { file, from, count }: { readonly file: string; readonly from: number; readonly count: number },
  output: Output,
): Promise<number> {
  const text = await sourceText(resolve(template));
  const { findings, rendered } = await preview(text, file, { from, count });
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
