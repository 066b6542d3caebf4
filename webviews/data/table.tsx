import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { DataItem, DataMedium } from '../../src/wire/dataPanel';
import { RecordCard } from '../shared/record';

/** Records as rows: pictures, question, solution, and as many columns as the first of them have. */
export function RecordTable({ items }: { items: readonly DataItem[] }): VNode {
  const [open, setOpen] = useState<number>();
  const names = [...new Set(items.flatMap(({ columns }) => columns.map(([name]) => name)))].slice(0, 8);
  const withMedia = items.some(({ media }) => media.length > 0);
  return (
    <div class="scroll">
      <table class="records">
        <thead>
          <tr>
            <th scope="col">row</th>
            {withMedia && <th scope="col">media</th>}
            <th scope="col">prompt</th>
            <th scope="col">solution</th>
            {names.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <>
              <Row
                key={item.row}
                item={item}
                names={names}
                withMedia={withMedia}
                open={open === item.row}
                toggle={() => setOpen(open === item.row ? undefined : item.row)}
              />
              {open === item.row && (
                <tr class="opened">
                  <td colSpan={3 + names.length + (withMedia ? 1 : 0)}>
                    <RecordCard item={item} />
                  </td>
                </tr>
              )}
            </>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly item: DataItem;
  readonly names: readonly string[];
  readonly withMedia: boolean;
  readonly open: boolean;
  readonly toggle: () => void;
}

function Row({ item, names, withMedia, open, toggle }: RowProps): VNode {
  const columns = new Map(item.columns);
  const wrong = item.bad ?? item.findings[0];
  return (
    <tr class={wrong === undefined ? '' : 'wrong'}>
      <td>
        <button class="link" aria-expanded={open} title="The whole record" onClick={toggle}>
          {item.row}
        </button>
      </td>
      {withMedia && (
        <td>
          <Thumbs media={item.media} />
        </td>
      )}
      <td class="prompt">
        {wrong !== undefined && <p class="problem">{wrong}</p>}
        {item.turns.map(({ role, content }, at) => (
          <p key={at}>
            {item.turns.length > 1 && <span class="quiet">{role}: </span>}
            {content}
          </p>
        ))}
      </td>
      <td class="strong">{item.solution}</td>
      {names.map((name) => (
        <td key={name}>
          <div class="clipped">{columns.get(name)}</div>
        </td>
      ))}
    </tr>
  );
}

/** Pictures of a record, small; a film or a picture that cannot be shown by its name. */
export function Thumbs({ media }: { media: readonly DataMedium[] }): VNode {
  return (
    <span class="thumbs">
      {media.slice(0, 4).map((medium, at) => (
        <Thumb key={`${at}${medium.label}`} medium={medium} />
      ))}
      {media.length > 4 && <span class="quiet">+{media.length - 4}</span>}
    </span>
  );
}

function Thumb({ medium: { kind, label, source } }: { medium: DataMedium }): VNode {
  const [gone, setGone] = useState(false);
  const name = label.split('/').at(-1) ?? label;
  if (kind !== 'image' || source === null || gone) return <span title={label}>{gone ? `✗ ${name}` : name}</span>;
  return <img src={source} alt={label} title={label} loading="lazy" onError={() => setGone(true)} />;
}
