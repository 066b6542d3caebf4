import type { VNode } from 'preact';
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { folded } from '../../src/domain/runs/progress';
import type { LogPart, RunOpening, RunPanel } from '../../src/wire/runPanel';
import type { Called } from '../../src/wire/wire';
import { messageOf } from '../shared/problems';
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
  const [failed, setFailed] = useState<string>();
  const [around, setAround] = useState<number | null>(null);
  const [atEnd, setAtEnd] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const follows = around === null && atEnd;
  const wanted = useRef(around);
  wanted.current = around;
  useEffect(() => {
    editor.ask('log', { around }).then(
      (told) => {
        // A late answer about another place is no answer.
        if (wanted.current !== around) return;
        setPart(told);
        setFailed(undefined);
      },
      (error: unknown) => setFailed(messageOf(error)),
    );
  }, [around, follows ? grown : null]);
  useEffect(() => scroll(box.current, around, atEnd), [part]);
  const open = useCallback((path: string, line: number) => void editor.ask('open', { path, line }), []);
  const go = (to: number | null): void => {
    setAtEnd(true);
    setAround(to);
  };
  const scrolled = ({ currentTarget: { scrollTop, clientHeight, scrollHeight } }: ScrollEvent): void =>
    setAtEnd(scrollTop + clientHeight >= scrollHeight - 24);
  if (part === undefined && failed !== undefined) return <p class="empty">{failed}</p>;
  if (part === null) return <p class="empty">This run has no log of its output. Its curves come from other files.</p>;
  if (part?.size === 0) return <p class="empty">The log is empty: the run has printed nothing yet.</p>;
  return (
    <div class="logview">
      <Finder editor={editor} find={place.find} move={move} follows={follows} go={go} />
      <div class="log mono" ref={box} tabIndex={0} aria-label="Log" onScroll={scrolled}>
        {part && <Lines part={part} around={around} find={place.find} open={open} />}
      </div>
      {part && <p class="quiet extent">{extent(part, follows)}</p>}
    </div>
  );
}

type ScrollEvent = Event & { readonly currentTarget: HTMLElement };

interface FinderProps extends Omit<Props, 'place' | 'grown'> {
  readonly find: string;
  /** Is the end shown as it grows? */
  readonly follows: boolean;
  /** To the line at a byte; null: to the end, and stay there. */
  readonly go: (around: number | null) => void;
}

function Finder({ editor, find, move, follows, go }: FinderProps): VNode {
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
      {!follows && <Plain onClick={() => go(null)}>Follow the end</Plain>}
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

function extent({ start, end, size }: LogPart, follows: boolean): string {
  const whole = start === 0 && end === size;
  return [
    whole ? bytes(size) : `${bytes(start)} to ${bytes(end)} of ${bytes(size)}`,
    follows ? 'following the end' : '',
  ]
    .filter((word) => word !== '')
    .join(' · ');
}

function bytes(count: number): string {
  if (count < 10_000) return `${count} B`;
  return count < 10_000_000 ? `${(count / 1000).toFixed(0)} kB` : `${(count / 1e6).toFixed(1)} MB`;
}

/** To the line that was asked for, else to the end unless the user reads further up. */
function scroll(box: HTMLDivElement | null, around: number | null, atEnd: boolean): void {
  if (!box) return;
  const line = box.querySelector('.here');
  if (around !== null && line) line.scrollIntoView({ block: 'center' });
  else if (atEnd) box.scrollTop = box.scrollHeight;
}

const FILE = /^(\s*File ")([^"]+)(", line )(\d+)(.*)$/;
const SIZE = new TextEncoder();

interface LinesProps {
  readonly part: LogPart;
  readonly around: number | null;
  readonly find: string;
  readonly open: (path: string, line: number) => void;
}

function Lines({ part, around, find, open }: LinesProps): VNode {
  const lines = useMemo(() => linesOf(part), [part]);
  const here = around === null ? undefined : lines.findLast(({ start }) => start <= around)?.start;
  return (
    <>
      {lines.map(({ start, text }) => (
        <div key={start} class={[start === here ? 'here' : '', classOf(text)].join(' ').trim()}>
          <Linked text={text} find={find} open={open} />
        </div>
      ))}
    </>
  );
}

function linesOf({ text, start: first }: LogPart): { readonly start: number; readonly text: string }[] {
  let at = first;
  return text.split('\n').map((raw) => {
    const start = at;
    at += SIZE.encode(raw).length + 1;
    return { start, text: folded(raw) };
  });
}

function classOf(text: string): string {
  return /^(?:Traceback|\w*(?:Error|Exception): )|CUDA error/.test(text) ? 'wrong' : '';
}

function Linked({ text, find, open }: Pick<LinesProps, 'find' | 'open'> & { text: string }): VNode {
  const found = FILE.exec(text);
  if (!found) return <Marked text={text === '' ? '\u00a0' : text} find={find} />;
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

/** The text with what is looked for marked in it. */
function Marked({ text, find }: { text: string; find: string }): VNode {
  const at = find.length < 2 ? -1 : text.toLowerCase().indexOf(find.toLowerCase());
  if (at < 0) return <>{text}</>;
  return (
    <>
      {text.slice(0, at)}
      <mark>{text.slice(at, at + find.length)}</mark>
      {text.slice(at + find.length)}
    </>
  );
}
