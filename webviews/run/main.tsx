import { render, type VNode } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import { grownRun, type RunOpening, type RunPanel } from '../../src/wire/runPanel';
import chart from '../shared/chart.css';
import { connect, recall, remember } from '../shared/port';
import { messageOf } from '../shared/problems';
import { addStyle } from '../shared/style';
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
const LABELS: Readonly<Record<Place['tab'], string>> = { curves: 'Curves', log: 'Log', configuration: 'Configuration' };

function Page(): VNode {
  const [run, setRun] = useState<RunOpening>();
  const [failed, setFailed] = useState<string>();
  const [place, setPlace] = useState<Place>(() => recall(START));
  const move = useCallback((change: Partial<Place>) => setPlace((old) => ({ ...old, ...change })), []);
  useEffect(() => remember(place), [place]);
  useEffect(() => {
    editor.on('grown', (grown) => setRun((old) => grownRun(old, grown)));
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
      <Tabs chosen={place.tab} choose={(tab) => move({ tab })} />
      {place.tab === 'log' && <LogView editor={editor} place={place} move={move} grown={run} />}
      {place.tab === 'configuration' && <Configuration editor={editor} />}
      {place.tab === 'curves' && <Curves editor={editor} run={run} place={place} move={move} />}
    </>
  );
}

/** A list of tabs as screen readers and keyboards know it: arrows move, the chosen one alone is in the order of tabs. */
function Tabs({ chosen, choose }: { chosen: Place['tab']; choose: (tab: Place['tab']) => void }): VNode {
  const step = (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    const next = TABS[(TABS.indexOf(chosen) + by + TABS.length) % TABS.length] ?? 'curves';
    choose(next);
    event.currentTarget.querySelector<HTMLElement>(`[data-tab=${next}]`)?.focus();
  };
  return (
    <div class="tabs" role="tablist" onKeyDown={step}>
      {TABS.map((tab) => (
        <button
          key={tab}
          role="tab"
          data-tab={tab}
          aria-selected={tab === chosen}
          tabIndex={tab === chosen ? 0 : -1}
          onClick={() => choose(tab)}
        >
          {LABELS[tab]}
        </button>
      ))}
    </div>
  );
}

addStyle(`${chart}\n${style}`);
render(<Page />, document.getElementById('root') ?? document.body);
