import type { VNode } from 'preact';
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { folded } from '../../src/domain/progress';
import type { LogPart, RunOpening, RunPanel } from '../../src/wire/runPanel';
import type { Called } from '../../src/wire/wire';
import { Button, TextField } from '../shared/ui';
import type { Place } from './place';

interface Props {
  readonly editor: Called<RunPanel>;
  readonly place: Place;
  readonly move: (change: Partial<Place>) => void;
  /** Changes whenever something came; at the log's end the log is read again then. */
  readonly grown: RunOpening;
}

interface Hits {
  readonly at: readonly number[];
  readonly more: boolean;
  readonly now: number;
}

/** The log: its end as it grows, or the part around a hit; carriage returns folded, files of tracebacks to click. */
export function LogView({ editor, place, move, grown }: Props): VNode {
  const [part, setPart] = useState<LogPart | null>();
  const [around, setAround] = useState<number | null>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => void editor.ask('log', { around }).then(setPart), [around, around === null ? grown : null]);
  useEffect(() => scroll(box.current, around), [part]);
  const open = useCallback((path: string, line: number) => void editor.ask('open', { path, line }), []);
  if (part === null) return <p class="empty">This run has no log of its output. Its curves come from other files.</p>;
  return (
    <>
      <Finder editor={editor} find={place.find} move={move} around={around} go={setAround} />
      <div class="log mono" ref={box} tabIndex={0} aria-label="Log">
        {part && <Lines part={part} around={around} open={open} />}
      </div>
      {part && <p class="quiet">{extent(part)}</p>}
    </>
  );
}

interface FinderProps extends Omit<Props, 'place' | 'grown'> {
  readonly find: string;
  readonly around: number | null;
  /** To the line at a byte; null: to the end, and stay there. */
  readonly go: (around: number | null) => void;
}

function Finder({ editor, find, move, around, go }: FinderProps): VNode {
  const [hits, setHits] = useState<Hits>();
  const search = async (): Promise<void> => {
    if (find === '') return setHits(undefined);
    const found = await editor.ask('find', { text: find });
    setHits({ ...found, now: 0 });
    if (found.at[0] !== undefined) go(found.at[0]);
  };
  const step = (by: number): void => {
    if (!hits || hits.at.length === 0) return;
    const now = (hits.now + by + hits.at.length) % hits.at.length;
    setHits({ ...hits, now });
    go(hits.at[now] ?? null);
  };
  const toError = async (): Promise<void> => {
    const at = await editor.ask('firstError', {});
    setHits(at === null ? { at: [], more: false, now: 0 } : undefined);
    if (at !== null) go(at);
  };
  const many = hits !== undefined && hits.at.length > 1;
  return (
    <div class="tools" role="search" onKeyDown={(event) => event.key === 'Enter' && void search()}>
      <TextField value={find} title="Find in the log" placeholder="Find" onInput={(text) => move({ find: text })} />
      {hits && <span class="quiet">{said(hits)}</span>}
      {many && <Plain onClick={() => step(-1)}>Previous</Plain>}
      {many && <Plain onClick={() => step(1)}>Next</Plain>}
      <Plain onClick={() => void toError()}>First error</Plain>
      {around !== null && <Plain onClick={() => go(null)}>Follow the end</Plain>}
    </div>
  );
}

function Plain({ onClick, children }: { onClick: () => void; children: string }): VNode {
  return (
    <Button appearance="secondary" onClick={onClick}>
      {children}
    </Button>
  );
}

function said({ at, more, now }: Hits): string {
  if (at.length === 0) return 'nothing found';
  return `${now + 1} of ${more ? 'more than ' : ''}${at.length}`;
}

function extent({ start, end, size }: LogPart): string {
  return start === 0 && end === size ? '' : `bytes ${start} to ${end} of ${size}`;
}

/** To the end when following, else to the line that was asked for. */
function scroll(box: HTMLDivElement | null, around: number | null): void {
  if (!box) return;
  const line = box.querySelector('.here');
  if (around !== null && line) line.scrollIntoView({ block: 'center' });
  else box.scrollTop = box.scrollHeight;
}

const FILE = /^(\s*File ")([^"]+)(", line )(\d+)(.*)$/;
const SIZE = new TextEncoder();

function Lines(props: { part: LogPart; around: number | null; open: (path: string, line: number) => void }): VNode {
  let at = props.part.start;
  const lines = props.part.text.split('\n').map((raw) => {
    const start = at;
    at += SIZE.encode(raw).length + 1;
    return { start, text: folded(raw) };
  });
  const here = props.around === null ? undefined : lines.findLast(({ start }) => start <= (props.around ?? 0))?.start;
  return (
    <>
      {lines.map(({ start, text }) => (
        <div key={start} class={start === here ? 'here' : classOf(text)}>
          <Linked text={text} open={props.open} />
        </div>
      ))}
    </>
  );
}

function classOf(text: string): string {
  return /^(?:Traceback|\w*(?:Error|Exception): )|CUDA error/.test(text) ? 'wrong' : '';
}

function Linked({ text, open }: { text: string; open: (path: string, line: number) => void }): VNode {
  const found = FILE.exec(text);
  if (!found) return <>{text === '' ? '\u00a0' : text}</>;
  const [, before = '', path = '', between = '', line = '', after = ''] = found;
  return (
    <>
      {before}
      <a
        href="#"
        onClick={(event) => {
          event.preventDefault();
          open(path, Number(line));
        }}
      >
        {path}
      </a>
      {between + line + after}
    </>
  );
}
