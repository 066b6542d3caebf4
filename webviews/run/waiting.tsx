import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { folded } from '../../src/domain/runs/progress';
import type { RunHeader, RunOpening, RunPanel } from '../../src/wire/runPanel';
import type { Called } from '../../src/wire/wire';
import { duration } from './words';

/** Lines of the log's end that are shown while there is nothing to draw. */
const LINES = 12;

/** What is shown before the first metrics: where the start is, beside where it usually is, and the end of the log. */
export function Waiting({ editor, run }: { editor: Called<RunPanel>; run: RunOpening }): VNode {
  const { header } = run;
  const [tail, setTail] = useState<readonly string[]>([]);
  useEffect(() => {
    editor.ask('log', { around: null }).then(
      (part) => setTail(lastLines(part?.text ?? '')),
      () => undefined,
    );
  }, [run]);
  return (
    <section class="waiting">
      <p class="lead">{leadOf(header)}</p>
      {header.startup && header.startup.length > 0 && <Phases startup={header.startup} startedAt={header.startedAt} />}
      {tail.length > 0 && (
        <>
          <h2>End of the log</h2>
          <pre class="tail mono">{tail.join('\n')}</pre>
        </>
      )}
    </section>
  );
}

function leadOf({ state }: RunHeader): string {
  if (state === 'queued') return 'No metrics yet: the run waits for its turn.';
  if (state === 'running') return 'No metrics yet. They appear with the first step that the trainer logs.';
  return 'No metrics: this run ended before its trainer logged a step.';
}

function lastLines(text: string): string[] {
  return text
    .split('\n')
    .map(folded)
    .filter((line) => line.trim() !== '')
    .slice(-LINES);
}

type Startup = NonNullable<RunHeader['startup']>;

/** One row a phase: its name, a bar against what it usually takes, and its time. */
function Phases({ startup, startedAt }: { startup: Startup; startedAt: number | undefined }): VNode {
  const [now, setNow] = useState(() => Date.now() / 1000);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now() / 1000), 1000);
    return () => clearInterval(timer);
  }, []);
  const elapsed = startedAt === undefined ? 0 : Math.max(0, now - startedAt);
  return (
    <ol class="phases">
      {startup.map(({ phase, began, took, usually }) => {
        const spent = took ?? Math.max(0, elapsed - began);
        const longest = Math.max(spent, usually ?? 0, 1);
        return (
          <li key={phase} class={took === undefined ? 'now' : ''}>
            <span>{phase}</span>
            <span class="meter" aria-hidden="true">
              <span style={{ width: `${(100 * spent) / longest}%` }} />
              {usually !== undefined && <i style={{ left: `${(100 * usually) / longest}%` }} />}
            </span>
            <span class="figure">{duration(spent)}</span>
            <span class="quiet figure">{usually === undefined ? '' : `usually ${duration(usually)}`}</span>
          </li>
        );
      })}
    </ol>
  );
}
