import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { counted } from '../../src/base/counted';
import type { ExportFormat } from '../../src/domain/rollouts/export';
import type { CompletionsPanel, SampleShown, StepRow } from '../../src/wire/completionsPanel';
import type { Called } from '../../src/wire/wire';
import { messageOf } from '../shared/problems';
import { Button, Dropdown } from '../shared/ui';

type Editor = Called<CompletionsPanel>;

const FORMATS: Readonly<Record<string, ExportFormat>> = { JSONL: 'jsonl', CSV: 'csv', Markdown: 'markdown' };
const EXPORT = 'Export…';
const NOTEBOOK = 'Notebook';

/** Writes the rows that are shown to a file. */
export function Export({ editor, view }: { editor: Editor; view: number | undefined }): VNode {
  const [said, setSaid] = useState('');
  const save = (name: string): void => {
    const format = FORMATS[name];
    if (view === undefined || (format === undefined && name !== NOTEBOOK)) return;
    setSaid('writing…');
    const asked = format === undefined ? editor.ask('toNotebook', { view }) : editor.ask('export', { view, format });
    asked.then(
      (done) => setSaid(done ? `${counted(done.rows, 'row')} written` : ''),
      (error: unknown) => setSaid(messageOf(error)),
    );
  };
  return (
    <span class="export">
      <span class="quiet" role="status">
        {said}
      </span>
      <Dropdown
        title="Export these rows"
        value={EXPORT}
        options={[EXPORT, ...Object.keys(FORMATS), NOTEBOOK]}
        onChange={save}
      />
    </span>
  );
}

const HANDED_ON = [
  ['why', 'why', 'Why this reward: opens the reward debugger on this sample (w)'],
  ['testCase', 'test case', 'Copy as test case: expectations with the recorded scores (t)'],
  ['against', 'against', 'Set against another completion, of any step or run, in the diff editor (c)'],
  ['link', 'link', 'Copy a link that opens this row (y)'],
] as const;

/** What can be done with one sample: say whether it is good, or hand it on. */
export function SampleActions({ editor, sample }: { editor: Editor; sample: SampleShown }): VNode {
  const [label, setLabel] = useState(sample.label);
  const [failed, setFailed] = useState<string>();
  useEffect(() => setLabel(sample.label), [sample.row, sample.label]);
  useEffect(() => setFailed(undefined), [sample.row]);
  const fail = (error: unknown): void => setFailed(messageOf(error));
  const say = (wanted: SampleShown['label']): void => {
    const next = label === wanted ? 'none' : wanted;
    editor.ask('label', { row: sample.row, label: next }).then(() => {
      setLabel(next);
      setFailed(undefined);
    }, fail);
  };
  return (
    <span class="actions">
      {(['good', 'bad'] as const).map((each) => (
        <button
          key={each}
          class={`plain ${each}`}
          aria-pressed={label === each}
          title={`Label this completion as ${each}; kept in labels.jsonl beside the run`}
          onClick={() => say(each)}
        >
          {each}
        </button>
      ))}
      {HANDED_ON.map(([ask, name, title]) => (
        <button
          key={ask}
          class="plain"
          title={title}
          onClick={() => void editor.ask(ask, { row: sample.row }).catch(fail)}
        >
          {name}
        </button>
      ))}
      {failed !== undefined && (
        <span class="problem" role="alert">
          {failed}
        </span>
      )}
    </span>
  );
}

interface ThroughProps {
  readonly editor: Editor;
  readonly row: number;
  readonly onStep: (row: number) => void;
}

/** The same prompt at other steps: a slider over the steps that have it. */
export function ThroughSteps({ editor, row, onStep }: ThroughProps): VNode | null {
  const [steps, setSteps] = useState<readonly StepRow[]>();
  useEffect(() => setSteps(undefined), [row]);
  const look = (): void => void editor.ask('through', { row }).then(setSteps, () => setSteps([]));
  if (!steps) {
    return (
      <Button appearance="secondary" onClick={look}>
        Same prompt at other steps
      </Button>
    );
  }
  if (steps.length < 2) return <span class="quiet">This prompt stands in no other step.</span>;
  return (
    <label class="through">
      <span class="quiet">in {steps.length} steps</span>
      <input
        type="range"
        min={0}
        max={steps.length - 1}
        value={Math.max(
          0,
          steps.findLastIndex((each) => each.row <= row),
        )}
        aria-label="Step"
        onChange={(event) => {
          const chosen = steps[Number(event.currentTarget.value)];
          if (chosen) onStep(chosen.row);
        }}
      />
    </label>
  );
}
