import type { ComponentChildren, VNode } from 'preact';
import { counted } from '../../src/base/counted';
import type { CompletionsOpening } from '../../src/wire/completionsPanel';

interface HeaderProps {
  readonly opening: CompletionsOpening;
  /** Rows that the query left. */
  readonly shown: number | undefined;
  /** What can be done with them. */
  readonly children?: ComponentChildren;
}

/** What this is, how its groups were found, and what could not be read. */
export function Header({ opening, shown, children }: HeaderProps): VNode {
  const { rows, filled, source, badCount, bad, dataset } = opening;
  return (
    <header class="about">
      <strong title={source}>{nameOf(source)}</strong>
      <span class="count">
        {shown === undefined || shown === rows ? '' : `${shown.toLocaleString('en')} of `}
        {counted(rows, 'completion')}
      </span>
      {filled < rows && <span class="quiet">reading numbers: {Math.floor((100 * filled) / rows)} %</span>}
      <span class="quiet" title={groupingWhy(opening)}>
        {groupingText(opening)}
      </span>
      {dataset !== null && (
        <span class="quiet" title={dataset}>
          joined with {nameOf(dataset)}
        </span>
      )}
      <span class="tools">{children}</span>
      {badCount > 0 && (
        <details class="bad">
          <summary>{counted(badCount, 'place')} could not be read</summary>
          <ul>
            {bad.map(({ file, line, message }) => (
              <li key={`${file}:${line}`}>
                {line !== undefined && `${nameOf(file)}, line ${line}: `}
                {message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </header>
  );
}

function nameOf(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).slice(-2).join('/');
}

function groupingText({ grouping, groups }: CompletionsOpening): string {
  if (grouping.by === 'unknown') return 'groups unknown';
  const size = grouping.by === 'order' ? ` of ${grouping.size}` : '';
  return `${counted(groups, 'group')}${size}`;
}

function groupingWhy({ grouping }: CompletionsOpening): string {
  if (grouping.by === 'unknown') return grouping.why;
  if (grouping.by === 'id') return `Groups by the column "${grouping.column}".`;
  return grouping.proof === 'args'
    ? 'Rows of a group stand together; args.json says how many.'
    : 'Rows of a group stand together: the smallest block whose advantages sum to zero in every step.';
}
