import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CompletionsPanel, StepCurve } from '../../src/wire/completionsPanel';
import type { Called } from '../../src/wire/wire';
import { Chart } from '../shared/chart';

interface Props {
  readonly editor: Called<CompletionsPanel>;
  readonly view: number | undefined;
  /** The user wants this step's rows. */
  readonly onStep: (step: number) => void;
}

/** Each reward of the rows shown, step by step, with one standard deviation around it; a click filters by the step. */
export function Curves({ editor, view, onStep }: Props): VNode {
  const [curves, setCurves] = useState<readonly StepCurve[]>();
  const [cursor, setCursor] = useState<number>();
  useEffect(() => {
    const given = new AbortController();
    if (view !== undefined) editor.ask('curves', { view }, given.signal).then(setCurves, () => undefined);
    return () => given.abort();
  }, [editor, view]);
  if (!curves) return <p class="quiet">Counting…</p>;
  if (curves.length === 0) return <p class="quiet">These rows stand in one step, or their steps are unknown.</p>;
  return (
    <section class="curves">
      {curves.map((curve) => (
        <Chart
          key={curve.name}
          title={curve.name}
          lines={[curve]}
          height={110}
          cursor={cursor}
          onCursor={setCursor}
          onChoose={onStep}
        />
      ))}
    </section>
  );
}
