import { createContext, type VNode } from 'preact';
import { useContext } from 'preact/hooks';
import { missedText, reasonText } from '../../src/domain/rewards/causeText';
import type { Cause, Missed } from '../../src/domain/rewards/explained';

/** Shows a line of a file; without a file, of the reward's own. */
export type OpenLine = (file: string | undefined, line: number) => void;

/** Where a score comes from, as a tree: every line leads to its place in the code, where `open` can show it. */
export function CauseTree({ cause, open }: { cause: Cause; open: OpenLine | undefined }): VNode {
  return (
    <Opening.Provider value={open}>
      <ul class="tree" role="tree">
        <Node cause={cause} />
      </ul>
    </Opening.Provider>
  );
}

const Opening = createContext<OpenLine | undefined>(undefined);

function Node({ cause }: { cause: Cause }): VNode {
  const { line, file, text, value, because, from, missed } = cause;
  return (
    <li role="treeitem">
      <Line file={file} line={line} place={`${cause.function}:${line}`}>
        <code>{text}</code>
        {value !== null && <span class="value"> = {value}</span>}
      </Line>
      {because.map((reason, at) => (
        <Line key={at} file={file} line={reason.line} place="" quiet>
          {reasonText(reason)}
        </Line>
      ))}
      {(from.length > 0 || missed.length > 0) && (
        <ul role="group">
          {from.map((child, at) => (
            <Node key={at} cause={child} />
          ))}
          {missed.map((one, at) => (
            <NotReached key={at} missed={one} file={file} />
          ))}
        </ul>
      )}
    </li>
  );
}

/** A test that was False reads otherwise than one that was never evaluated, which is mostly the bug. */
function NotReached({ missed, file }: { missed: Missed; file: string | undefined }): VNode {
  return (
    <li role="treeitem" class={missed.outcome === null ? 'missed never' : 'missed'}>
      <Line file={file} line={missed.line} place={`line ${missed.line}`}>
        <span class="label">{missed.outcome === null ? '⚠ not reached: ' : 'not reached: '}</span>
        <code>{missed.text}</code>
      </Line>
      <Line file={file} line={missed.testLine} place="" quiet>
        {missedText(missed)}
      </Line>
    </li>
  );
}

interface LineProps {
  readonly file: string | undefined;
  readonly line: number;
  readonly place: string;
  readonly quiet?: boolean;
  readonly children: unknown;
}

function Line({ file, line, place, quiet, children }: LineProps): VNode {
  const open = useContext(Opening);
  const name = quiet ? 'line quiet' : 'line';
  const text = [
    place !== '' && (
      <span key="place" class="place">
        {place}
      </span>
    ),
    <span key="text">{children as VNode}</span>,
  ];
  if (!open) return <div class={name}>{text}</div>;
  return (
    <button class={name} title={`Go to line ${line}`} onClick={() => open(file, line)}>
      {text}
    </button>
  );
}
