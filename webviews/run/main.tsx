import { render, type VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RunOpening, RunPanel } from '../../src/wire/runPanel';
import { Chart } from '../shared/chart';
import { connect } from '../shared/port';
import { addStyle } from '../shared/style';
import { pictures } from './charts';
import { Header } from './header';
import style from './style.css';

const editor = connect<RunPanel>();

/** About the most points a curve may have; a chart is seldom wider, in pixels. */
const WIDTH = 1000;

function Page(): VNode {
  const [run, setRun] = useState<RunOpening>();
  const [failed, setFailed] = useState<string>();
  const [cursor, setCursor] = useState<number>();
  useEffect(() => {
    editor.on('grown', (grown) => setRun((old) => merged(old, grown)));
    editor.ask('hello', { width: WIDTH }).then(setRun, (error: unknown) => setFailed(String(error)));
  }, []);
  const drawn = useMemo(() => pictures(run?.curves ?? []), [run?.curves]);
  if (failed !== undefined) return <p class="empty">{failed}</p>;
  if (!run) return <p class="empty">Reading the run…</p>;
  return (
    <>
      <Header header={run.header} curves={run.curves} />
      {run.problems.map((problem) => (
        <p class="problem" key={problem}>
          {problem}
        </p>
      ))}
      {drawn.length === 0 ? (
        <p class="empty">No metrics yet. They appear with the first step that the trainer logs.</p>
      ) : (
        <section class="charts">
          {drawn.map(({ title, lines }) => (
            <Chart key={title} title={title} lines={lines} cursor={cursor} onCursor={setCursor} />
          ))}
        </section>
      )}
    </>
  );
}

/** What grew replaces what was there; curves that did not change are not sent again. */
function merged(old: RunOpening | undefined, grown: RunOpening): RunOpening {
  const names = new Set(grown.curves.map(({ name }) => name));
  return { ...grown, curves: [...(old?.curves ?? []).filter(({ name }) => !names.has(name)), ...grown.curves] };
}

addStyle(style);
render(<Page />, document.getElementById('root') ?? document.body);
