import { basename } from 'node:path';
import { shortened } from '../../base/shortened';
import { mediumText } from '../../domain/dataset/mediumText';
import type { Seen } from '../../domain/dataset/view';
import type { Spread } from '../../domain/dataset/spread';
import type { CheckReport } from '../data/check';
import type { Plan } from '../data/convert';
import type { Shown } from '../data/show';

/** What a check found, for people. */
export function checkText(file: string, report: CheckReport): string {
  const { form, rows, findings, counts, classes, media } = report;
  const many = Object.entries(media).filter(([, count]) => count > 0);
  const head = [
    `${file}: ${rows} records`,
    form?.name ?? 'no known form',
    ...many.map(([key, count]) => `${count} ${key}`),
  ];
  const places = findings.map((finding) => {
    const place =
      finding.line === undefined ? (finding.row === undefined ? '' : `row ${finding.row}: `) : `${finding.line}: `;
    return `${file}:${place.trim() === '' ? ' ' : place}${finding.weight}: ${finding.text} [${finding.rule}]`;
  });
  const beyond = Object.entries(counts).filter(([, count]) => count > 100);
  return [
    head.join(' · '),
    ...spreadText('characters', report.characters),
    ...spreadText('tokens', report.tokens),
    ...report.missing,
    ...(classes === undefined || classes.length === 0 ? [] : [classesText(classes, rows)]),
    ...places,
    ...beyond.map(([rule, count]) => `${file}: ${count} × ${rule} in all; the first 100 are shown.`),
  ].join('\n');
}

function classesText(classes: NonNullable<CheckReport['classes']>, rows: number): string {
  const shown = classes
    .slice(0, 8)
    .map(([text, count]) => `${shortened(text, 30)} ${Math.round((100 * count) / rows)}%`);
  return `solutions: ${shown.join(' · ')}${classes.length > 8 ? ` · ${classes.length - 8} more` : ''}`;
}

function spreadText(unit: string, spread: Spread | undefined): readonly string[] {
  if (!spread) return [];
  const { first, last, middle, bars, limit, over } = spread;
  const most = Math.max(...bars);
  const drawn = bars.map((count) => (count === 0 ? '·' : '▁▂▃▄▅▆▇█'[Math.round((7 * count) / most)])).join('');
  const beyond = limit === undefined ? '' : `, ${over} over ${limit}`;
  return [`prompt lengths: ${first} ${drawn} ${last} ${unit}, half up to ${middle}${beyond}`];
}

/** What a conversion will do, for people, before it does it. */
export function planText({ from, conversion, rows, lost, bad, badRows, solution }: Plan): string {
  const name = basename(conversion.input);
  return [
    `${name}: ${rows} records, ${from.name} → ${conversion.to.name}`,
    ...(solution === undefined ? [] : [`“${solution}” becomes the solution.`]),
    ...(lost.length === 0 ? ['Nothing is lost.'] : []),
    ...lost.map(([what, records]) => `Lost in ${records} of ${rows} records: ${what}.`),
    ...bad.map(({ row, line, text }) => `${name}, ${line === undefined ? `row ${row}` : `line ${line}`}: ${text}`),
    ...(badRows > bad.length ? [`${badRows - bad.length} more records cannot be read.`] : []),
  ].join('\n');
}

/** A record, for people. */
export function showText({ row, line, form, record, bad }: Shown): string {
  const head = `── ${line === undefined ? `row ${row}` : `row ${row}, line ${line}`}${form === undefined ? '' : ` · ${form}`}`;
  if (!record) return `${head}\n${bad ?? ''}`;
  const media = (['images', 'videos', 'audios'] as const).flatMap((key) =>
    record[key].map(
      ({ path, bytes }) => `${key}: ${path ?? ''}${bytes === undefined ? '' : ` (${bytes.byteLength} bytes)`}`,
    ),
  );
  return [
    head,
    ...record.messages.map(({ role, content }) => `${role}: ${content}`),
    ...media,
    ...(record.response === undefined ? [] : [`written answer: ${record.response}`]),
    ...(record.solution === undefined ? [] : [`solution: ${plain(record.solution)}`]),
    ...Object.entries(record.columns).map(([key, value]) => `${key}: ${shortened(plain(value), 200)}`),
  ].join('\n');
}

/** One line of JSON; bytes as their number only. */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (inner instanceof Uint8Array) return { bytes: inner.byteLength };
    return typeof inner === 'bigint' ? Number(inner) : inner;
  });
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : jsonLine(value);
}

/** A record as the model is given it, for people; what is cut stands in ⟦brackets⟧. */
export function seenText(row: number, seen: Seen): string {
  const { tokens, media, overlong, notes, pieces } = seen;
  const head = `── row ${row} · ${tokens === undefined ? 'tokens unknown' : `${tokens} tokens`}`;
  const over = overlong ? [`${overlong.over} tokens over ${overlong.limit ?? 0}: ${overlong.says}`] : [];
  const text = pieces.map(({ kind, text: piece, tokens: count, cut }) => {
    const shown = kind === 'text' || count === undefined ? piece : `${piece}×${count}`;
    return cut ? `⟦${shown}⟧` : shown;
  });
  return [head, ...over, ...media.map(mediumText), ...notes.map((note) => `(${note})`), text.join('')].join('\n');
}
