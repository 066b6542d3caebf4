import type { VNode } from 'preact';
import { counted } from '../../src/base/counted';
import type { CompletionsOutput, OutputSamples } from '../../src/wire/notebook';
import { Groups, type OpenRow } from './groups';
import type { Live } from './live';
import { Spread } from './spread';

/** Completions beside their rewards: how each is spread over all, then the groups that were kept. */
export function Completions({ output, live }: { output: CompletionsOutput; live: Live | undefined }): VNode {
  const { title, samples, source } = output;
  return (
    <>
      <header class="title">
        <h2>{title}</h2>
        <Counts samples={samples} />
        {live && source && <button onClick={() => live.openCompletions(source.path)}>Open all completions</button>}
      </header>
      <Body samples={samples} open={live && source && ((row) => live.openCompletions(source.path, row))} />
    </>
  );
}

/** What is in here, and what is not. */
export function Counts({ samples: { total, groups } }: { samples: OutputSamples }): VNode {
  return (
    <span class="quiet">
      {counted(total, 'completion')}
      {groups
        ? ` · ${counted(groups.total, 'group')}, ${groups.withoutSignal.toLocaleString('en')} in which no reward differs`
        : ' · groups unknown (give group ids or a group size)'}
    </span>
  );
}

export function Body({ samples, open }: { samples: OutputSamples; open: OpenRow | undefined }): VNode {
  return (
    <>
      <section class="spreads">
        {samples.distributions.map((spread) => (
          <Spread key={spread.reward} spread={spread} />
        ))}
      </section>
      <Groups samples={samples} open={open} />
      <p class="quiet">In this notebook: {samples.shown}.</p>
    </>
  );
}
