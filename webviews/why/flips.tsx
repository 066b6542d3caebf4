import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { WhyFlip, WhyFlips } from '../../src/wire/whyPanel';
import { messageOf } from '../shared/problems';
import { Button } from '../shared/ui';
import { editor, look, scoreText } from './editor';

/** What an edit changed: samples with their old and new scores, and groups that lost or gained their signal. */
export function Flips({ about }: { about: unknown }): VNode {
  const [answer, setAnswer] = useState<WhyFlips>();
  const [failed, setFailed] = useState<string>();
  const [said, setSaid] = useState<string>();
  useEffect(() => {
    let current = true;
    editor.ask('flips', {}).then(
      (told) => current && setAnswer(told),
      (error: unknown) => current && setFailed(messageOf(error)),
    );
    return () => (current = false);
  }, [about]);
  if (!answer) return <p class="empty">{failed ?? 'Comparing…'}</p>;
  const { flips, more, samples, against } = answer;
  const count = flips.length + more;
  const accept = (): void =>
    void editor
      .ask('accept', { samples: flips.map(({ sample }) => sample) })
      .then(setSaid, (error: unknown) => setSaid(messageOf(error)));
  if (count === 0)
    return (
      <p class="empty">
        No sample’s score differs from {against}. Edit the reward, and the samples that flip are listed here.
      </p>
    );
  return (
    <>
      <h2>
        {answer.reward} flips {count.toLocaleString('en')} of {samples.toLocaleString('en')} against {against}
      </h2>
      <Groups title="Groups that lose their signal" groups={answer.became} />
      <Groups title="Groups that gain a signal" groups={answer.ceased} />
      <p class="formula">
        <Button title="Write the new scores as expectations beside the reward" onClick={accept}>
          Accept as Expectations
        </Button>
        <span role="status">{said}</span>
      </p>
      <table class="flips">
        <thead>
          <tr>
            <th>Sample</th>
            <th>Group</th>
            <th>Score</th>
            <th title={answer.formula ?? 'No formula is known for these samples.'}>Change of advantage</th>
            <th>Completion</th>
          </tr>
        </thead>
        <tbody>
          {flips.map((flip) => (
            <Flip key={flip.sample} flip={flip} />
          ))}
        </tbody>
      </table>
      {more > 0 && <p class="quiet">… and {more.toLocaleString('en')} more with smaller changes.</p>}
    </>
  );
}

function Groups({ title, groups }: { title: string; groups: readonly number[] }): VNode | null {
  if (groups.length === 0) return null;
  const shown = groups.slice(0, 12).join(', ');
  return (
    <p>
      {title}: <strong>{groups.length}</strong>{' '}
      <span class="quiet">
        ({shown}
        {groups.length > 12 ? ' …' : ''})
      </span>
    </p>
  );
}

function Flip({ flip: { sample, group, was, is, shift, completion } }: { flip: WhyFlip }): VNode {
  return (
    <tr>
      <td>
        <button class="link" onClick={() => look(sample)}>
          {sample}
        </button>
      </td>
      <td>{group ?? '—'}</td>
      <td>
        {scoreText(was)} → <strong>{scoreText(is)}</strong>
      </td>
      <td>{shift === null ? 'unknown' : `${shift > 0 ? '+' : ''}${scoreText(shift)}`}</td>
      <td class="mono excerpt">{completion}</td>
    </tr>
  );
}
