import type { VNode } from 'preact';
import type { SortKey } from '../../src/domain/rollouts/query';
import type { Layout } from '../../src/wire/completionsPanel';
import { hiding, NARROWEST, resized, type Column } from './columns';

interface HeadProps {
  readonly columns: readonly Column[];
  readonly query: string;
  readonly sort: readonly SortKey[];
  readonly onQuery: (query: string) => void;
  readonly layout: Layout;
  readonly onLayout: (layout: Layout) => void;
}

/**
 * The table's head. A click orders by a column, a second one the other way, a third not at all; Shift keeps the others.
 * Its edge is dragged; with the keyboard Enter orders, Alt with an arrow changes the width, Delete hides.
 */
export function Head(props: HeadProps): VNode {
  return (
    <div class="list-row" role="row">
      {props.columns.map((column) => (
        <HeadCell key={column.title} {...props} column={column} />
      ))}
    </div>
  );
}

function HeadCell({ column, query, sort, onQuery, layout, onLayout }: HeadProps & { column: Column }): VNode {
  const { title, kind, key } = column;
  const by = sort.find((each) => each.column === key);
  const order = by && (by.down ? 'descending' : 'ascending');
  const rank = by && sort.length > 1 ? sort.indexOf(by) + 1 : '';
  const choose = (keep: boolean): void => {
    if (key !== undefined) onQuery(sortedBy(query, sort, { key, keep }));
  };
  const onKey = (event: KeyboardEvent): void => {
    const wider = event.altKey ? ({ ArrowRight: 16, ArrowLeft: -16 } as Record<string, number>)[event.key] : undefined;
    if (wider !== undefined) onLayout(resized(layout, title, widthOf(event.currentTarget) + wider));
    else if (event.key === 'Delete') onLayout(hiding(layout, title));
    else if (event.key === 'Enter' || event.key === ' ') choose(event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <span
      class={`cell ${kind} ${key === undefined ? '' : 'sortable'}`}
      role="columnheader"
      aria-sort={order ?? 'none'}
      tabIndex={0}
      title={`${title}${key === undefined ? '' : ': click to order, Shift-click to order by several'} · Alt+←→ width · Delete hides`}
      onClick={(event) => choose(event.shiftKey)}
      onKeyDown={onKey}
    >
      <span class="name">{title}</span>
      {by && <span aria-hidden="true">{`${by.down ? '↓' : '↑'}${rank}`}</span>}
      <span
        class="edge"
        onClick={(event) => event.stopPropagation()}
        onPointerDown={(event) => drag(event, (width) => onLayout(resized(layout, title, width)))}
      />
    </span>
  );
}

function widthOf(target: EventTarget | null): number {
  return target instanceof HTMLElement ? Math.round(target.getBoundingClientRect().width) : NARROWEST;
}

/** Follows the pointer from a column's edge until it is let go; `done` gets the width then and on the way. */
function drag(event: PointerEvent, done: (width: number) => void): void {
  const edge = event.currentTarget;
  if (!(edge instanceof HTMLElement)) return;
  event.preventDefault();
  edge.setPointerCapture(event.pointerId);
  const [from, before] = [event.clientX, widthOf(edge.parentElement)];
  const move = ({ clientX }: PointerEvent): void => done(before + clientX - from);
  const stop = (): void => {
    edge.removeEventListener('pointermove', move);
    edge.removeEventListener('pointerup', stop);
    edge.removeEventListener('pointercancel', stop);
  };
  edge.addEventListener('pointermove', move);
  edge.addEventListener('pointerup', stop);
  edge.addEventListener('pointercancel', stop);
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
