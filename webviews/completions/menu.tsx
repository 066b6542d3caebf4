import type { ComponentChildren, VNode } from 'preact';
import { useState } from 'preact/hooks';
import type { Kept, Layout } from '../../src/wire/completionsPanel';
import { Checkbox, TextField } from '../shared/ui';
import { hiding, type Column } from './columns';

/** A button with something below it, which closes when the focus leaves it or by Escape. */
function Menu({ label, title, children }: { label: string; title: string; children: ComponentChildren }): VNode {
  return (
    <details
      class="menu"
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.open = false;
      }}
      onFocusOut={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget as Node | null)) event.currentTarget.open = false;
      }}
    >
      <summary title={title}>{label}</summary>
      <div class="menu-body" tabIndex={-1}>
        {children}
      </div>
    </details>
  );
}

interface ColumnsMenuProps {
  readonly columns: readonly Column[];
  readonly layout: Layout;
  readonly onLayout: (layout: Layout) => void;
}

/** Which columns are shown. */
export function ColumnsMenu({ columns, layout, onLayout }: ColumnsMenuProps): VNode {
  return (
    <Menu label={layout.hidden.length > 0 ? `Columns (${layout.hidden.length} hidden)` : 'Columns'} title="Columns">
      {columns.map(({ title }) => (
        <Checkbox
          key={title}
          checked={!layout.hidden.includes(title)}
          onChange={(shown) => onLayout(hiding(layout, title, !shown))}
        >
          {title}
        </Checkbox>
      ))}
      <button class="plain" onClick={() => onLayout({ widths: {}, hidden: [] })}>
        As they were
      </button>
    </Menu>
  );
}

interface SavedProps {
  readonly query: string;
  readonly queries: Kept['queries'];
  readonly onQuery: (query: string) => void;
  readonly onQueries: (queries: Kept['queries']) => void;
}

/** Queries that the user gave a name; the one in the line can be added. */
export function SavedQueries({ query, queries, onQuery, onQueries }: SavedProps): VNode {
  const [name, setName] = useState('');
  const save = (): void => {
    const named = name.trim() || query;
    onQueries([...queries.filter((each) => each.name !== named), { name: named, query }]);
    setName('');
  };
  return (
    <Menu label="Queries" title="Saved queries">
      {queries.length === 0 && <span class="quiet">No query is saved yet.</span>}
      {queries.map((saved) => (
        <span key={saved.name} class="saved">
          <button class="plain" title={saved.query} onClick={() => onQuery(saved.query)}>
            {saved.name}
          </button>
          <button
            class="plain"
            title={`Forget ${saved.name}`}
            onClick={() => onQueries(queries.filter((each) => each !== saved))}
          >
            ×
          </button>
        </span>
      ))}
      {query.trim() !== '' && (
        <form
          class="saved"
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <TextField title="Name of this query" value={name} placeholder={query} onInput={setName} />
          <button class="plain" type="submit">
            Save
          </button>
        </form>
      )}
    </Menu>
  );
}
