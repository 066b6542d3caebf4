import { resolve } from 'node:path';
import type { Seen } from '../../domain/dataset/view';
import { openPaged } from '../data/paged';
import { shippedGrammars } from '../config/grammars';
import { PATIENCE } from '../config/lint';
import { viewerOf } from '../data/seeing';
import { show } from '../data/show';
import { misuse, parse, type Output } from './command';
import { withDataset, type Placed } from './dataPlace';
import { formGiven, wholeNumber } from './dataOptions';
import { jsonLine, seenText } from './dataText';

/** How `grpo data sees` is used. */
export const seesUsage =
  'data sees FILE [--model FOLDER|ID] [--config FILE] [--limit TOKENS] [--row N] [--count N] [--from FORM] [--target HOST] [--image-dir FOLDER] [--json]';

/** Records as the model is given them; 1 where one cannot be, or is too long. */
export async function showSeen(args: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(seesUsage, args, {
    model: { type: 'string' },
    config: { type: 'string' },
    limit: { type: 'string' },
    row: { type: 'string' },
    count: { type: 'string' },
    from: { type: 'string' },
    target: { type: 'string' },
    'image-dir': { type: 'string' },
    json: { type: 'boolean' },
  });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw misuse(seesUsage, 'One file is needed');
  const named = { file, target: values.target, images: values['image-dir'] };
  return withDataset(named, output, (placed) => seen(placed, values, output));
}

type Values = Readonly<Partial<Record<'model' | 'config' | 'limit' | 'row' | 'count' | 'from', string>>> & {
  readonly json?: boolean | undefined;
};

async function seen({ file, ...media }: Placed, values: Values, output: Output): Promise<number> {
  const given = formGiven(seesUsage, values.from);
  const { form = given.form } = await openPaged(file);
  const viewer = await viewerOf(file, form, {
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(values.config === undefined
      ? {}
      : { config: resolve(values.config), grammars: await shippedGrammars(output.root, PATIENCE) }),
    ...(values.limit === undefined ? {} : { limit: wholeNumber(seesUsage, '--limit', values.limit) }),
    ...media,
  });
  const [from, count] = [
    wholeNumber(seesUsage, '--row', values.row ?? '0'),
    wholeNumber(seesUsage, '--count', values.count ?? '5'),
  ];
  let failed = false;
  const said = new Set<string>();
  for (const { row, record, bad } of await show(file, { from, count, ...given })) {
    const view = record && (await viewer.see(record));
    failed ||= !view || view.overlong !== undefined;
    if (values.json) output.print(jsonLine(view ? { row, ...view } : { row, bad }));
    else output.print(view ? seenText(row, unsaid(view, said)) : `── row ${row}\n${bad ?? ''}`);
  }
  return failed ? 1 : 0;
}

/** Without the notes that an earlier record had: most are about the model. */
function unsaid(view: Seen, said: Set<string>): Seen {
  const notes = view.notes.filter((note) => !said.has(note));
  for (const note of notes) said.add(note);
  return { ...view, notes };
}
