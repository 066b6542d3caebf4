import type { Seen } from '../../domain/dataset/view';
import type { DataReport, DataSeen } from '../../wire/dataPanel';
import { mediumText } from '../../domain/dataset/mediumText';
import type { CheckReport } from './check';

const FIRST = 5;
const CLASSES = 12;

/** A report as its page shows it. */
export function reportOf(report: CheckReport): DataReport {
  const { findings, counts, characters, tokens, classes, media, missing } = report;
  const rules = Object.entries(counts).map(([rule, count]) => {
    const own = findings.filter((finding) => finding.rule === rule);
    return {
      rule,
      count,
      weight: own[0]?.weight ?? 'hint',
      first: own.slice(0, FIRST).map(({ row, text }) => ({ row: row ?? null, text })),
    };
  });
  return {
    rules: rules.sort((a, b) => ORDER.indexOf(a.weight) - ORDER.indexOf(b.weight) || b.count - a.count),
    characters: characters ?? null,
    tokens: tokens ?? null,
    classes: classes?.slice(0, CLASSES) ?? null,
    media: Object.entries(media).filter(([, count]) => count > 0),
    notes: missing,
  };
}

const ORDER = ['error', 'warning', 'hint'];

/** A record's view as its page shows it. */
export function seenItem({ pieces, tokens, media, overlong, notes }: Seen): DataSeen {
  return {
    pieces,
    tokens: tokens ?? null,
    media: media.map(mediumText),
    overlong: overlong ? `${overlong.over} tokens over ${overlong.limit ?? 0}: ${overlong.says}` : null,
    notes,
  };
}
