import type { VNode } from 'preact';
import { counted } from '../../src/base/counted';
import type { TextHunk } from '../../src/domain/rewards/explained';
import type { WhyBetter } from '../../src/wire/whyPanel';
import { look, openLine, scoreText } from './editor';

/** What a better sample did otherwise, and the smallest change of the text that was found to reach its score. */
export function Better({ better, completion }: { better: WhyBetter | null; completion: string }): VNode {
  if (better === null) return <p class="quiet">Comparing…</p>;
  const { none, divergence, change } = better;
  if (none !== undefined || !divergence) return <p class="quiet">{none}</p>;
  return (
    <>
      <p>
        <button class="link" onClick={() => look(divergence.other)}>
          sample {divergence.other}
        </button>{' '}
        got <strong>{scoreText(better.score)}</strong>
        {divergence.samePath && <span class="quiet"> on the same path</span>}
      </p>
      <Differences divergence={divergence} />
      {change ? (
        <>
          <p>
            Smallest change <em>found</em> that gives {scoreText(change.score)}{' '}
            <span class="quiet">
              ({counted(change.calls, 'call')}
              {change.whole ? '' : ', the search was cut short'})
            </span>
          </p>
          <Hunks completion={completion} hunks={change.hunks} />
        </>
      ) : (
        <p class="quiet">{divergence.noChange ?? 'No change of the text was found that reaches its score.'}</p>
      )}
    </>
  );
}

function Differences({ divergence }: { divergence: NonNullable<WhyBetter['divergence']> }): VNode {
  const { tests, values, first } = divergence;
  const lines = [
    ...tests.map((one) => ({
      line: one.line,
      text: one.test,
      here: `${outcome(one.outcome)}${given(one.value)}`,
      there: `${outcome(one.otherOutcome)}${given(one.otherValue)}`,
    })),
    ...values.map((one) => ({ ...one, here: one.value ?? 'nothing', there: one.otherValue ?? 'nothing' })),
  ];
  return (
    <ul class="differences">
      {lines.map(({ line, text, here, there }, at) => (
        <li key={at}>
          <button class="line" title={`Go to line ${line}`} onClick={() => openLine(undefined, line)}>
            <span class="place">line {line}</span>
            <span>
              <code>{text}</code>: <span class="worse">{here}</span> here, <span class="better">{there}</span> there
            </span>
          </button>
        </li>
      ))}
      {lines.length === 0 && first && (
        <li>
          <button class="line" title={`Go to line ${first.line}`} onClick={() => openLine(undefined, first.line)}>
            The ways part after line {first.line}.
          </button>
        </li>
      )}
    </ul>
  );
}

function outcome(value: boolean | null): string {
  return value === null ? 'never evaluated' : value ? 'True' : 'False';
}

function given(value: string | null): string {
  return value === null || value === 'True' || value === 'False' ? '' : ` (${value})`;
}

const AROUND = 40;

function Hunks({ completion, hunks }: { completion: string; hunks: readonly TextHunk[] }): VNode {
  return (
    <ul class="hunks mono">
      {hunks.map(({ at, from, to }) => {
        const end = at + from.length;
        return (
          <li key={at} dir="auto">
            <span class="quiet">{`${at > AROUND ? '…' : ''}${completion.slice(Math.max(0, at - AROUND), at)}`}</span>
            {from !== '' && <del>{from}</del>}
            {to !== '' && <ins>{to}</ins>}
            <span class="quiet">{`${completion.slice(end, end + AROUND)}${end + AROUND < completion.length ? '…' : ''}`}</span>
          </li>
        );
      })}
    </ul>
  );
}
