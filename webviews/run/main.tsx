import { render, type VNode } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { RunOpening, RunPanel } from '../../src/wire/runPanel';
import { connect, recall, remember } from '../shared/port';
import { addStyle } from '../shared/style';
import { Button } from '../shared/ui';
import { Configuration } from './configuration';
import { Curves } from './curves';
import { Header } from './header';
import { LogView } from './log';
import { Notes } from './notes';
import { START, type Place } from './place';
import style from './style.css';

const editor = connect<RunPanel>();

/** About the most points a curve may have; a chart is seldom wider, in pixels. */
const WIDTH = 1000;

const TABS = ['curves', 'log', 'configuration'] as const;

function Page(): VNode {
  const [run, setRun] = useState<RunOpening>();
  const [failed, setFailed] = useState<string>();
  const [place, setPlace] = useState<Place>(() => recall(START));
  const move = useCallback((change: Partial<Place>) => setPlace((old) => ({ ...old, ...change })), []);
  useEffect(() => remember(place), [place]);
  useEffect(() => {
    editor.on('grown', (grown) => setRun((old) => merged(old, grown)));
    editor.ask('hello', { width: WIDTH }).then(setRun, (error: unknown) => setFailed(messageOf(error)));
  }, []);
  if (failed !== undefined) return <p class="empty">{failed}</p>;
  if (!run) return <p class="empty">Reading the run…</p>;
  return (
    <>
      <Header
        header={run.header}
        curves={run.curves}
        clock={run.clock}
        act={(act) => void editor.ask('act', { act })}
      />
      <Notes notes={run.notes ?? []} open={(path, line) => void editor.ask('open', { path, line })} />
      {run.problems.map((problem) => (
        <p class="problem" key={problem}>
          {problem}
        </p>
      ))}
      <nav>
        {TABS.map((tab) => (
          <Button key={tab} appearance={tab === place.tab ? 'primary' : 'secondary'} onClick={() => move({ tab })}>
            {tab}
          </Button>
        ))}
      </nav>
      {place.tab === 'log' && <LogView editor={editor} place={place} move={move} grown={run} />}
      {place.tab === 'configuration' && <Configuration editor={editor} />}
      {place.tab === 'curves' && <Curves editor={editor} run={run} place={place} move={move} />}
    </>
  );
}

/** What grew replaces what was there; curves that did not change are not sent again. */
function merged(old: RunOpening | undefined, grown: RunOpening): RunOpening {
  const names = new Set(grown.curves.map(({ name }) => name));
  return { ...grown, curves: [...(old?.curves ?? []).filter(({ name }) => !names.has(name)), ...grown.curves] };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

addStyle(style);
render(<Page />, document.getElementById('root') ?? document.body);
