import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { counted } from '../../src/base/counted';
import { percent } from '../../src/domain/rollouts/distribution';
import type { WhyPressure } from '../../src/wire/whyPanel';
import { messageOf } from '../shared/problems';
import { Button, Dropdown } from '../shared/ui';
import { editor, look, scoreText } from './editor';

interface Asked {
  readonly weights: readonly number[] | null;
  readonly variant: string | null;
}

/** Advantages and signal of the recorded samples: exact arithmetic for weights that can be tried. */
export function Pressure({ selected, about }: { selected: number; about: string }): VNode {
  const [asked, setAsked] = useState<Asked>({ weights: null, variant: null });
  const [answer, setAnswer] = useState<WhyPressure>();
  const [failed, setFailed] = useState<string>();
  useEffect(() => setAsked({ weights: null, variant: null }), [about]);
  useEffect(() => {
    const newer = new AbortController();
    editor.ask('pressure', asked, newer.signal).then(
      (told) => {
        if (newer.signal.aborted) return;
        setAnswer(told);
        setFailed(undefined);
      },
      (error: unknown) => {
        if (!newer.signal.aborted) setFailed(messageOf(error));
      },
    );
    return () => newer.abort();
  }, [asked, selected, about]);
  if (failed !== undefined) return <p class="empty">{failed}</p>;
  if (!answer) return <p class="empty">Computing…</p>;
  if (answer.none !== null) return <p class="empty">{answer.none}</p>;
  // From what was asked last, not from the last answer: another slider may have moved since.
  const weigh = (at: number, weight: number): void =>
    setAsked((last) => ({
      ...last,
      weights: answer.components.map((one, k) => (k === at ? weight : (last.weights?.[k] ?? one.weight))),
    }));
  return (
    <>
      <h2>Update pressure on these recorded samples</h2>
      <p class="quiet">
        {counted(answer.samples, 'sample')} of {answer.from}; no model is involved, and nothing is forecast.
      </p>
      <Formula answer={answer} choose={(variant) => setAsked((last) => ({ ...last, variant }))} />
      <Components answer={answer} weights={asked.weights} weigh={weigh} />
      <Configured
        answer={answer}
        weights={asked.weights}
        reset={() => setAsked((last) => ({ ...last, weights: null }))}
      />
      <Signal answer={answer} />
      <Group answer={answer} selected={selected} />
    </>
  );
}

function Formula({ answer, choose }: { answer: WhyPressure; choose: (variant: string) => void }): VNode {
  const unknown = 'unknown: a trainer of one’s own';
  const labels = answer.variants.map(({ label }) => label);
  return (
    <p class="formula">
      <span>Advantages by</span>
      <Dropdown
        title="Formula"
        value={answer.variant ?? unknown}
        options={answer.variant === null ? [unknown, ...labels] : labels}
        onChange={choose}
      />
      <span class="quiet">{answer.source}</span>
    </p>
  );
}

interface Weighed {
  readonly answer: WhyPressure;
  readonly weights: readonly number[] | null;
  readonly weigh: (at: number, weight: number) => void;
}

function Components({ answer, weights, weigh }: Weighed): VNode {
  return (
    <table class="components">
      <thead>
        <tr>
          <th>Component</th>
          <th>Weight</th>
          <th>Share of the variance within groups</th>
        </tr>
      </thead>
      <tbody>
        {answer.components.map(({ name, weight, share }, at) => (
          <tr key={name}>
            <td>{name}</td>
            <td>
              <input
                type="range"
                min="-2"
                max="2"
                step="0.05"
                value={weights?.[at] ?? weight}
                aria-label={`Weight of ${name}`}
                onInput={(event) => weigh(at, Number(event.currentTarget.value))}
              />
              <output>{scoreText(weights?.[at] ?? weight)}</output>
            </td>
            <td>{share === null ? 'nothing varies' : percent(share)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface Kept {
  readonly answer: WhyPressure;
  readonly weights: readonly number[] | null;
  readonly reset: () => void;
}

/** Weights that were tried can be written to the configuration that trains with these rewards. */
function Configured({ answer, weights, reset }: Kept): VNode | null {
  const [said, setSaid] = useState<string>();
  const { config } = answer;
  if (!config) return null;
  const tried = weights?.some((weight, at) => weight !== config.weights[at]) ?? false;
  const write = (): void =>
    void editor
      .ask('writeWeights', { weights: answer.components.map(({ weight }, at) => weights?.[at] ?? weight) })
      .then(setSaid, (error: unknown) => setSaid(messageOf(error)));
  return (
    <p class="formula">
      {tried ? (
        <>
          <Button title={`Set the reward weights in ${config.name}`} onClick={write}>
            {`Write to ${config.name}`}
          </Button>
          <button class="link" onClick={reset}>
            as in {config.name}
          </button>
        </>
      ) : (
        <span class="quiet">Weights as in {config.name}.</span>
      )}
      <span role="status">{said}</span>
    </p>
  );
}

function Signal({ answer }: { answer: WhyPressure }): VNode {
  const { groups, withoutSignal, allBest, allWorst, tinySpread, lengthCorrelation } = answer;
  const strong = lengthCorrelation !== null && Math.abs(lengthCorrelation) > 0.3;
  return (
    <dl class="signal">
      <dt>Groups without signal</dt>
      <dd>
        <strong>{percent(withoutSignal / groups)}</strong> ({withoutSignal} of {groups}): {allBest} all best, {allWorst}{' '}
        all worst, {withoutSignal - allBest - allWorst} between
      </dd>
      <dt>Tiny spreads</dt>
      <dd>
        {counted(tinySpread, 'group')} with a spread above 0 and below 0.05, which a division by the spread amplifies
      </dd>
      <dt>Correlation with length</dt>
      <dd>
        {lengthCorrelation === null ? 'unknown: one of them does not vary' : scoreText(lengthCorrelation)}
        {strong && <span class="hint"> worth a look: longer texts get {lengthCorrelation > 0 ? 'more' : 'less'}</span>}
      </dd>
    </dl>
  );
}

function Group({ answer, selected }: { answer: WhyPressure; selected: number }): VNode {
  const most = Math.max(1e-9, ...answer.own.map(({ advantage }) => Math.abs(advantage ?? 0)));
  return (
    <table class="own">
      <caption>The group of this sample</caption>
      <thead>
        <tr>
          <th>Sample</th>
          {answer.components.map(({ name }) => (
            <th key={name}>{name}</th>
          ))}
          <th>Total</th>
          <th>Advantage</th>
        </tr>
      </thead>
      <tbody>
        {answer.own.map(({ sample, scores, total, advantage }) => (
          <tr key={sample} class={sample === selected ? 'selected' : ''}>
            <td>
              <button class="link" onClick={() => look(sample)}>
                {sample}
              </button>
            </td>
            {scores.map((score, at) => (
              <td key={at}>{scoreText(score)}</td>
            ))}
            <td>{scoreText(total)}</td>
            <td>
              <span class="push">
                <Bar share={(advantage ?? 0) / most} />
                {advantage === null ? 'unknown' : `${arrow(advantage)} ${scoreText(advantage)}`}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** −1 to the left, 1 to the right. */
function Bar({ share }: { share: number }): VNode {
  const width = Math.abs(share) * 40;
  return (
    <svg width="84" height="10" aria-hidden="true">
      <rect x={share < 0 ? 42 - width : 42} y="1" width={width} height="8" class={share < 0 ? 'down' : 'up'} />
      <line x1="42" x2="42" y1="0" y2="10" />
    </svg>
  );
}

function arrow(advantage: number): string {
  return advantage > 0 ? '↑' : advantage < 0 ? '↓' : '·';
}
