import type { VNode } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { QueryFinding, QueryNames } from '../../src/domain/rollouts/query';
import { suggestQuery, type QuerySuggestion } from '../../src/domain/rollouts/querySuggest';
import { TextField } from '../shared/ui';

interface QueryLineProps {
  readonly query: string;
  readonly names: QueryNames;
  readonly findings: readonly QueryFinding[];
  readonly onQuery: (query: string) => void;
}

/** The toolkit's text field as far as we need its inside: the caret. */
interface Field extends HTMLElement {
  readonly control: HTMLInputElement;
}

/** The query line: what could be written at the caret below it, and what is wrong, at its character. */
export function QueryLine({ query, names, findings, onQuery }: QueryLineProps): VNode {
  const line = useRef<HTMLDivElement>(null);
  const [caret, setCaret] = useState<number>();
  const [chosen, setChosen] = useState(0);
  const field = (): HTMLInputElement | undefined => line.current?.querySelector<Field>('vscode-text-field')?.control;
  const suggestions = caret === undefined ? [] : suggestQuery(query, caret, names);
  const take = (suggestion: QuerySuggestion): void => {
    onQuery(query.slice(0, suggestion.start) + suggestion.text + query.slice(caret));
    setCaret(suggestion.start + suggestion.text.length);
    setChosen(0);
  };
  return (
    <div
      class="query"
      ref={line}
      onKeyDown={(event) => {
        if (!steer(event, { suggestions, chosen, setChosen, take })) return;
        if (event.key === 'Escape') setCaret(undefined);
        event.preventDefault();
      }}
      onKeyUp={() => setCaret((old) => (old === undefined ? old : (field()?.selectionStart ?? undefined)))}
      onFocusOut={() => setCaret(undefined)}
    >
      <TextField
        title="Filter and order"
        value={query}
        placeholder={'step>100 accuracy=0 text~"wait" flag:truncated sort:-advantage'}
        onInput={(value) => {
          onQuery(value);
          setCaret(field()?.selectionStart ?? value.length);
          setChosen(0);
        }}
      />
      {suggestions.length > 0 && (
        <ul class="suggestions" role="listbox">
          {suggestions.map((suggestion, at) => (
            <li
              key={suggestion.text}
              role="option"
              aria-selected={at === chosen}
              class={at === chosen ? 'chosen' : ''}
              onMouseDown={(event) => {
                event.preventDefault();
                take(suggestion);
              }}
            >
              <span class="mono">{suggestion.text}</span> <span class="quiet">{suggestion.why}</span>
            </li>
          ))}
        </ul>
      )}
      <Findings
        query={query}
        findings={findings.filter(({ start, end }) => !(caret && start <= caret && caret <= end))}
      />
    </div>
  );
}

interface Steered {
  readonly suggestions: readonly QuerySuggestion[];
  readonly chosen: number;
  readonly setChosen: (at: number) => void;
  readonly take: (suggestion: QuerySuggestion) => void;
}

/** Arrows walk through the suggestions, Enter and Tab take one; true where the key is ours. */
function steer(event: KeyboardEvent, { suggestions, chosen, setChosen, take }: Steered): boolean {
  const suggestion = suggestions[chosen];
  if (!suggestion) return false;
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (by !== 0) setChosen((chosen + by + suggestions.length) % suggestions.length);
  else if (event.key === 'Enter' || event.key === 'Tab') take(suggestion);
  else return event.key === 'Escape';
  return true;
}

function Findings({ query, findings }: Pick<QueryLineProps, 'query' | 'findings'>): VNode | null {
  if (findings.length === 0) return null;
  return (
    <ul class="findings" role="alert">
      {findings.map(({ start, end, text }) => (
        <li key={start}>
          <span class="mono">
            {query.slice(0, start)}
            <mark>{query.slice(start, end) || ' '}</mark>
            {query.slice(end)}
          </span>
          {text}
        </li>
      ))}
    </ul>
  );
}
