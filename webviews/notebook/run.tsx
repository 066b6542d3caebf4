import type { VNode } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { commonName } from '../../src/domain/frameworks/logs';
import type { RunOutput } from '../../src/wire/notebook';
import { grownRun, type Curve, type RunOpening } from '../../src/wire/runPanel';
import { pictures } from '../run/charts';
import { Header } from '../run/header';
import { Chart } from '../shared/chart';
import type { Live } from './live';

const FIRST = 4;

/** A run's card: the snapshot in the output, and the run as it is now while the extension answers. */
export function Run({ output, live }: { output: RunOutput; live: Live | undefined }): VNode {
  const [now, setNow] = useState<RunOpening>();
  const [cursor, setCursor] = useState<number>();
  const [all, setAll] = useState(false);
  const { folder } = output.header;
  useEffect(() => live?.follow(folder, (run) => setNow((old) => grownRun(old, run))), [live, folder]);
  const { header, curves, problems } = now ?? (output as RunOpening);
  const drawn = useMemo(() => pictures(curves.map(named)), [curves]);
  return (
    <>
      <Header header={header} curves={curves} />
      <p class="row quiet">
        <span>{now ? 'Followed live.' : `As of ${new Date(output.taken).toLocaleString()}.`}</span>
        {live && <button onClick={() => live.openRun(folder)}>Open run</button>}
        {live && <button onClick={() => live.openCompletions(folder)}>Completions</button>}
      </p>
      {problems.map((problem) => (
        <p class="problem" key={problem}>
          {problem}
        </p>
      ))}
      <section class="charts">
        {drawn.slice(0, all ? drawn.length : FIRST).map(({ title, lines }) => (
          <Chart key={title} title={title} lines={lines} height={110} cursor={cursor} onCursor={setCursor} />
        ))}
      </section>
      {!all && drawn.length > FIRST && (
        <button class="more" onClick={() => setAll(true)}>
          Show {drawn.length - FIRST} more charts
        </button>
      )}
    </>
  );
}

/** Whoever wrote the output may know only the framework's own names. */
function named(curve: Curve): Curve {
  return { ...curve, name: commonName(curve.original) };
}
