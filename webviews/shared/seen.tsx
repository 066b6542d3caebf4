import type { VNode } from 'preact';
import { counted } from '../../src/base/counted';
import type { DataSeen } from '../../src/wire/dataPanel';

/** What the model is given of a record: its text as rendered, media as their tokens, what is cut struck through. */
export function SeenView({ seen }: { seen: DataSeen }): VNode {
  const { pieces, tokens, media, overlong, notes } = seen;
  return (
    <section class="seen" aria-label="What the model sees">
      <p class="quiet">
        {tokens === null ? 'Tokens unknown' : counted(tokens, 'token')}
        {media.map((line) => (
          <span key={line}> · {line}</span>
        ))}
      </p>
      {overlong !== null && <p class="problem">{overlong}</p>}
      {pieces.length > 0 && (
        <p class="mono">
          {pieces.map(({ kind, text, tokens: count, cut }, at) => {
            if (kind === 'text') return cut ? <del key={at}>{text}</del> : <span key={at}>{text}</span>;
            const shown = `${text}${count === undefined ? '' : ` × ${count}`}`;
            return (
              <span key={at} class={cut ? 'medium cut' : 'medium'}>
                {shown}
              </span>
            );
          })}
        </p>
      )}
      {notes.map((note) => (
        <p class="quiet" key={note}>
          {note}
        </p>
      ))}
    </section>
  );
}
