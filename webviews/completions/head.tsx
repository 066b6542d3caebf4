import type { VNode } from 'preact';
import type { SortKey } from '../../src/domain/query';
import type { Column } from './columns';

interface HeadProps {
  readonly columns: readonly Column[];
  readonly query: string;
  readonly sort: readonly SortKey[];
  readonly onQuery: (query: string) => void;
}

/** The table's head: a click orders by a column, a second one the other way, a third not at all; Shift keeps the others. */
export function Head({ columns, query, sort, onQuery }: HeadProps): VNode {
  return (
    <div class="list-row" role="row">
      {columns.map(({ title, kind, key }) => {
        const by = sort.find(({ column }) => column === key);
        const order = by && (by.down ? 'descending' : 'ascending');
        return (
          <span
            key={title}
            class={`cell ${kind} ${key === undefined ? '' : 'sortable'}`}
            role="columnheader"
            aria-sort={order ?? 'none'}
            title={key === undefined ? title : `${title}: click to order, Shift-click to order by several`}
            onClick={(event) => key !== undefined && onQuery(sortedBy(query, sort, { key, keep: event.shiftKey }))}
          >
            {title}
            {by && <span aria-hidden="true">{by.down ? ' ↓' : ' ↑'}</span>}
          </span>
        );
      })}
    </div>
  );
}

/** The query with its order changed, which is written in the query itself. */
function sortedBy(query: string, sort: readonly SortKey[], { key, keep }: { key: string; keep: boolean }): string {
  const before = sort.find(({ column }) => column === key);
  const others = keep ? sort.filter(({ column }) => column !== key) : [];
  const next = before === undefined ? [{ column: key, down: true }] : before.down ? [{ column: key, down: false }] : [];
  const keys = [...others, ...next].map(({ column, down }) => (down ? `-${column}` : column));
  const rest = query.replace(/(^|\s)sort:\S*/g, '').trim();
  return [rest, keys.length > 0 ? `sort:${keys.join(',')}` : ''].filter(Boolean).join(' ');
}
