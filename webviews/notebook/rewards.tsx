import type { VNode } from 'preact';
import { counted } from '../../src/base/counted';
import type { RewardsOutput } from '../../src/wire/notebook';
import type { OpenLine } from '../shared/cause';
import { Body, Counts } from './completions';
import type { Live } from './live';
import { Whys } from './whys';

/** A reward on samples: what it gave and why, and what it raised with the lines. */
export function Rewards({ output, live }: { output: RewardsOutput; live: Live | undefined }): VNode {
  const { reward, errors, samples, seconds, source } = output;
  const open = live && opening(output, live);
  const line = reward.place?.line ?? reward.line;
  return (
    <>
      <header class="title">
        <h2>{reward.name}</h2>
        <Counts samples={samples} />
        <span class="quiet">in {seconds < 1 ? `${Math.ceil(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`}</span>
        {open && (
          <button onClick={() => open(undefined, line ?? 1)}>
            {reward.place ? fileName(reward.place.path) : reward.cell}
            {line === undefined ? '' : `:${line}`}
          </button>
        )}
      </header>
      {errors.map((error) => (
        <p class="problem" key={`${error.type}${error.message}${error.line}`}>
          <strong>{error.type}</strong>: {error.message} · {counted(error.samples, 'sample')}, first row{' '}
          {error.first[0]}
          {error.line !== undefined && <Line open={open} line={error.line} />}
        </p>
      ))}
      <Whys output={output} open={open} />
      <Body samples={samples} open={live && source && ((row) => live.openCompletions(source.path, row))} />
    </>
  );
}

function Line({ open, line }: { open: OpenLine | undefined; line: number }): VNode {
  if (!open) return <span class="quiet"> at line {line}</span>;
  return (
    <>
      {' '}
      <button onClick={() => open(undefined, line)}>line {line}</button>
    </>
  );
}

/** A line of the reward's own file or cell, or of another file; undefined where nothing tells where it stands. */
function opening({ reward: { name, place, cell } }: RewardsOutput, live: Live): OpenLine | undefined {
  if (place) return (file, line) => live.reveal({ path: isPath(file) ? file : place.path, line });
  if (cell === undefined) return undefined;
  return (file, line) =>
    isPath(file) ? live.reveal({ path: file, line }) : live.revealCell({ cell: cellOf(file) ?? cell, name, line });
}

/** A cell is compiled under a made-up name. */
function isPath(file: string | undefined): file is string {
  return file !== undefined && cellOf(file) === undefined && !/^<|ipykernel_/.test(file);
}

function cellOf(file: string | undefined): string | undefined {
  return /In\[\d+\]/.exec(file ?? '')?.[0];
}

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
