import type { VNode } from 'preact';
import type { RewardsOutput } from '../../src/wire/notebook';
import { Body, Counts } from './completions';
import type { Live } from './live';

/** A reward on samples: what it gave, and what it raised with the lines. */
export function Rewards({ output, live }: { output: RewardsOutput; live: Live | undefined }): VNode {
  const { reward, errors, samples, seconds } = output;
  const { place } = reward;
  return (
    <>
      <header class="title">
        <h2>{reward.name}</h2>
        <Counts samples={samples} />
        <span class="quiet">in {seconds < 1 ? `${Math.ceil(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`}</span>
        {live && place && (
          <button onClick={() => live.reveal(place)}>
            {fileName(place.path)}
            {place.line === undefined ? '' : `:${place.line}`}
          </button>
        )}
      </header>
      {errors.map((error) => (
        <p class="problem" key={`${error.type}${error.message}${error.line}`}>
          <strong>{error.type}</strong>: {error.message} · {error.samples.toLocaleString()}{' '}
          {error.samples === 1 ? 'sample' : 'samples'}, first row {error.first[0]}
          {error.line !== undefined && <Line live={live} path={place?.path} line={error.line} />}
        </p>
      ))}
      <Body samples={samples} />
    </>
  );
}

function Line({ live, path, line }: { live: Live | undefined; path: string | undefined; line: number }): VNode {
  if (!live || path === undefined) return <span class="quiet"> at line {line}</span>;
  return (
    <>
      {' '}
      <button onClick={() => live.reveal({ path, line })}>line {line}</button>
    </>
  );
}

function fileName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
