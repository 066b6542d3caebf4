import type { VNode } from 'preact';
import type { Note } from '../../src/wire/runPanel';

/** What went wrong and what gives reason to look, with what may mend it. */
export function Notes(props: { notes: readonly Note[]; open: (path: string, line: number) => void }): VNode {
  return (
    <>
      {props.notes.map((note) => (
        <NoteView key={note.title} note={note} open={props.open} />
      ))}
    </>
  );
}

function NoteView({ note, open }: { note: Note; open: (path: string, line: number) => void }): VNode {
  const { kind, title, advice, settings = [], evidence, place } = note;
  return (
    <section class={`note ${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <strong>{title}</strong>
      {advice !== undefined && <p>{advice}</p>}
      {settings.length > 0 && (
        <p>
          Settings that may mend it:{' '}
          {settings.map((name) => (
            <code key={name}>{name}</code>
          ))}
        </p>
      )}
      {place && (
        <p>
          <a
            href="#"
            onClick={(event) => {
              event.preventDefault();
              open(place.path, place.line);
            }}
          >
            {place.path}:{place.line}
          </a>
        </p>
      )}
      {evidence !== undefined && <p class="mono quiet">{evidence}</p>}
    </section>
  );
}
