import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualizerOptions,
} from '@tanstack/virtual-core';
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useLayoutEffect, useReducer, useRef, useState } from 'preact/hooks';

export interface ListProps {
  readonly count: number;
  /** Pixels of one row; all rows are equally high. */
  readonly height: number;
  readonly label: string;
  /** Stays at the top while rows scroll under it. */
  readonly head: ComponentChildren;
  readonly row: (index: number) => ComponentChildren;
  readonly selected: number | undefined;
  readonly onSelect: (index: number) => void;
  /** The user wants to see the selected row whole. */
  readonly onOpen: () => void;
  /** Rows [from, to) came into sight, a few more at both ends. */
  readonly onRange: (from: number, to: number) => void;
}

type Rows = Virtualizer<HTMLDivElement, HTMLDivElement>;

/** Chromium draws no element taller than about 33 million pixels; further rows are reached by filtering. */
const TALLEST = 33_000_000;

/** Any number of rows, of which only those in sight exist; arrows, page keys, Home and End move the selection. */
export function List(props: ListProps): VNode {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRows(props, scroller);
  const items = rows.getVirtualItems();
  // Rows that leave lend their elements to rows that come: a jump then changes texts, not the tree.
  const slots = 2 ** Math.ceil(Math.log2(items.length + 1));
  const [from, to] = [items[0]?.index ?? 0, (items.at(-1)?.index ?? -1) + 1];
  useEffect(() => props.onRange(from, to), [from, to, props.onRange]);
  // The pane that opens for a selected row makes the list shorter, and must not hide that row.
  const shown = rows.scrollRect?.height;
  useEffect(() => {
    if (props.selected !== undefined) rows.scrollToIndex(props.selected, { align: 'auto' });
  }, [props.selected, rows, shown]);
  return (
    <div
      class="list"
      role="grid"
      aria-label={props.label}
      aria-rowcount={props.count}
      tabIndex={0}
      ref={scroller}
      onKeyDown={(event) => onKey(event, props, scroller.current)}
    >
      <div class="list-head">{props.head}</div>
      <div class="list-body" style={{ height: `${rows.getTotalSize()}px` }}>
        {items.map(({ index, start }) => (
          <div
            key={index % slots}
            class={index === props.selected ? 'list-row selected' : 'list-row'}
            role="row"
            aria-rowindex={index + 1}
            aria-selected={index === props.selected}
            style={{ height: `${props.height}px`, transform: `translateY(${start}px)` }}
            onClick={() => props.onSelect(index)}
            onDblClick={props.onOpen}
          >
            {props.row(index)}
          </div>
        ))}
      </div>
    </div>
  );
}

function useRows({ count, height }: ListProps, scroller: { readonly current: HTMLDivElement | null }): Rows {
  const [, draw] = useReducer((times: number) => times + 1, 0);
  const options: VirtualizerOptions<HTMLDivElement, HTMLDivElement> = {
    count: Math.min(count, Math.floor(TALLEST / height)),
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    overscan: 6,
    scrollPaddingStart: height,
    onChange: () => draw(undefined),
  };
  const [rows] = useState(() => new Virtualizer<HTMLDivElement, HTMLDivElement>(options));
  rows.setOptions(options);
  useLayoutEffect(() => rows._didMount(), [rows]);
  useLayoutEffect(() => rows._willUpdate());
  return rows;
}

function onKey(event: KeyboardEvent, props: ListProps, scroller: HTMLDivElement | null): void {
  if (event.key === 'Enter') {
    props.onOpen();
    event.preventDefault();
    return;
  }
  const page = Math.max(1, Math.floor((scroller?.clientHeight ?? 0) / props.height) - 2);
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: page,
    PageUp: -page,
    Home: -Infinity,
    End: Infinity,
  };
  const step = steps[event.key];
  if (step === undefined || props.count === 0) return;
  event.preventDefault();
  props.onSelect(Math.min(props.count - 1, Math.max(0, (props.selected ?? -1) + step)));
}
