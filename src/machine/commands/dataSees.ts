import { resolve } from 'node:path';
import { openPaged } from '../data/paged';
import { viewerOf } from '../data/seeing';
import { show } from '../data/show';
import { misuse, parse, type Output } from './command';
import { formGiven, wholeNumber } from './dataOptions';
import { jsonLine, seenText } from './dataText';

/** How `grpo data sees` is used. */
export const seesUsage =
  'data sees FILE [--model FOLDER|ID] [--config FILE] [--limit TOKENS] [--row N] [--count N] [--from FORM] [--image-dir FOLDER] [--json]';

/** Records as the model is given them; 1 where one cannot be, or is too long. */
export async function showSeen(args: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(seesUsage, args, {
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
  if (file === undefined || more.length > 0) throw misuse(seesUsage, 'One file is needed');
  const given = formGiven(seesUsage, values.from);
  const { form = given.form } = await openPaged(resolve(file));
  const viewer = await viewerOf(resolve(file), form, {
    ...(values.model === undefined ? {} : { model: values.model }),
    ...(values.config === undefined ? {} : { config: resolve(values.config) }),
    ...(values.limit === undefined ? {} : { limit: wholeNumber(seesUsage, '--limit', values.limit) }),
    ...(values['image-dir'] === undefined ? {} : { mediaFolder: resolve(values['image-dir']) }),
  });
  const [from, count] = [
    wholeNumber(seesUsage, '--row', values.row ?? '0'),
    wholeNumber(seesUsage, '--count', values.count ?? '5'),
  ];
  let failed = false;
  for (const { row, record, bad } of await show(resolve(file), { from, count, ...given })) {
    const seen = record && (await viewer.see(record));
    failed ||= !seen || seen.overlong !== undefined;
    if (values.json) output.print(jsonLine(seen ? { row, ...seen } : { row, bad }));
    else output.print(seen ? seenText(row, seen) : `── row ${row}\n${bad ?? ''}`);
  }
  return failed ? 1 : 0;
}
