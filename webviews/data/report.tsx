import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { DataItem, DataOpening, DataReport } from '../../src/wire/dataPanel';
import { Bars, Classes } from './bars';
import { Thumbs } from './table';

interface Props {
  readonly data: DataOpening;
  readonly report: DataReport;
  /** Goes to a record. */
  readonly show: (row: number) => void;
  readonly record: (row: number) => Promise<DataItem | undefined>;
}

/** What a check found: how the set is spread, and each kind of finding with its first records and their pictures. */
export function Report({ data, report, show, record }: Props): VNode {
  const { characters, tokens, classes, media, rules, notes } = report;
  return (
    <section class="report" aria-label="Report">
      <div class="spreads">
        {tokens && <Bars title="prompt lengths in tokens" unit="tokens" spread={tokens} />}
        {characters && <Bars title="prompt lengths in characters" unit="characters" spread={characters} />}
        {classes && classes.length > 0 && <Classes classes={classes} rows={data.rows} />}
      </div>
      {media.length > 0 && (
        <p class="quiet">
          {media
            .map(([kind, count]) => `${count.toLocaleString('en')} ${count === 1 ? kind.slice(0, -1) : kind}`)
            .join(' · ')}
        </p>
      )}
      {notes.map((note) => (
        <p class="quiet" key={note}>
          {note}
        </p>
      ))}
      {rules.length === 0 && <p class="fine">Nothing was found to be wrong with these records.</p>}
      {rules.map(({ rule, weight, count, first }) => (
        <article key={rule}>
          <h2>
            <span class={weight}>{weight}</span> {rule} · {count.toLocaleString('en')}
          </h2>
          {first.map(({ row, text }) => (
            <Found key={`${row}${text}`} row={row} text={text} show={show} record={record} />
          ))}
          {count > first.length && <p class="quiet">… and {(count - first.length).toLocaleString('en')} more</p>}
        </article>
      ))}
    </section>
  );
}

type FoundProps = Pick<Props, 'show' | 'record'> & { readonly row: number | null; readonly text: string };

function Found({ row, text, show, record }: FoundProps): VNode {
  const [item, setItem] = useState<DataItem>();
  useEffect(() => {
    if (row !== null) void record(row).then(setItem, () => undefined);
  }, [row]);
  return (
    <div class="found">
      {row !== null && (
        <button class="link" title={`Show record ${row}`} onClick={() => show(row)}>
          {row}
        </button>
      )}
      {item && <Thumbs media={item.media} />}
      <span>{text}</span>
    </div>
  );
}
