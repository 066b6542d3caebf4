import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { DataItem, DataMedium } from '../../src/wire/dataPanel';
import style from './record.css';
import { SeenView } from './seen';
import { addStyle } from './style';

addStyle(style);

/** One record of a data set: its pictures beside its texts, and what is wrong with it. */
export function RecordCard({ item }: { item: DataItem }): VNode {
  return (
    <article>
      <h2>record {item.row}</h2>
      {item.bad !== null && <p class="problem">{item.bad}</p>}
      {item.findings.map((finding) => (
        <p class="problem" key={finding}>
          {finding}
        </p>
      ))}
      <div class="record">
        <div class="media">
          {item.media.map((medium, at) => (
            <Medium key={`${at}${medium.label}`} medium={medium} />
          ))}
        </div>
        <dl>
          {item.turns.map((turn, at) => (
            <Field key={at} name={turn.role} value={turn.content} />
          ))}
          {item.response !== null && <Field name="written answer" value={item.response} />}
          {item.solution !== null && <Field name="solution" value={item.solution} strong />}
          {item.columns.map(([name, value]) => (
            <Field key={name} name={name} value={value} />
          ))}
        </dl>
      </div>
      {item.seen && <SeenView seen={item.seen} />}
    </article>
  );
}

function Field({ name, value, strong }: { name: string; value: string; strong?: boolean }): VNode {
  return (
    <>
      <dt>{name}</dt>
      <dd class={strong ? 'strong' : ''}>{value}</dd>
    </>
  );
}

function Medium({ medium }: { medium: DataMedium }): VNode {
  const [gone, setGone] = useState(false);
  const shown = medium.kind === 'image' && medium.source !== null && !gone;
  return (
    <figure>
      {shown && <img src={medium.source ?? ''} alt={medium.label} loading="lazy" onError={() => setGone(true)} />}
      {gone && <p class="problem">The picture cannot be shown.</p>}
      {medium.why !== undefined && <p class="problem">Not shown: {medium.why}.</p>}
      <figcaption title={medium.label}>{medium.label.split('/').slice(-2).join('/')}</figcaption>
    </figure>
  );
}
