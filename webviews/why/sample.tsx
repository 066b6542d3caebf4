import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { markedPieces } from '../../src/domain/rewards/marked';
import { regexStop, regexStory } from '../../src/domain/rewards/regexNotes';
import type { RegexCall } from '../../src/domain/rewards/explained';
import type { WhySample, WhyShown } from '../../src/wire/whyPanel';
import { CauseTree } from '../shared/cause';
import { Button } from '../shared/ui';
import { Better } from './better';
import { look, openLine, scoreText, toNotebook } from './editor';

/** One sample: its score, where that comes from, a better sample, and what it was about. */
export function Sample({ sample, at }: { sample: WhySample; at: WhyShown['at'] }): VNode {
  const better = useRef<HTMLElement>(null);
  const settled = sample.better !== null;
  useEffect(() => {
    if (at === 'better' && settled) better.current?.scrollIntoView();
  }, [at, settled]);
  return (
    <>
      <header class="sample">
        <Button title="Sample before" appearance="icon" onClick={() => look(before(sample))}>
          ◂
        </Button>
        <span>
          sample {sample.sample}
          {sample.group !== null && <span class="quiet"> of group {sample.group}</span>}
        </span>
        <strong class="score">{scoreText(sample.score)}</strong>
        <Button title="Sample after" appearance="icon" onClick={() => look((sample.sample + 1) % sample.samples)}>
          ▸
        </Button>
        <span class="quiet">row {sample.row}</span>
        {sample.together !== undefined && <span class="quiet">called with its batch of {sample.together}</span>}
        <button class="link" title="Put this group into a cell of a notebook" onClick={toNotebook}>
          Notebook
        </button>
      </header>
      {sample.error !== null && <p class="problem">{sample.error}</p>}
      <section aria-label="Cause">
        <h2>Cause</h2>
        {sample.why ? (
          <CauseTree cause={sample.why} open={openLine} />
        ) : (
          <p class="quiet">The cause of this score cannot be told.</p>
        )}
      </section>
      <section aria-label="Better sample" ref={better}>
        <h2>Against a better sample of its group</h2>
        <Better better={sample.better} completion={sample.completion} />
      </section>
      <section aria-label="Completion">
        <h2>Completion</h2>
        <Marked text={sample.completion} regexes={sample.regexes} />
      </section>
      <section aria-label="Arguments">
        <h2>Arguments</h2>
        <dl>{sample.arguments.map(([name, value]) => [<dt key={name}>{name}</dt>, <dd class="mono">{value}</dd>])}</dl>
      </section>
    </>
  );
}

function before({ sample, samples }: WhySample): number {
  return (sample - 1 + samples) % samples;
}

/** The text as it is: nothing in it is ever markup. */
function Marked({ text, regexes }: { text: string; regexes: readonly RegexCall[] }): VNode {
  return (
    <>
      <div class="mono completion" dir="auto">
        {markedPieces(text, regexes).map(({ text: piece, depth, stops }, at) => [
          stops.map((index) => (
            <span class="stop" key={index} title={stopTitle(regexes[index])} aria-label="A pattern stopped here">
              ✗
            </span>
          )),
          depth === 0 ? (
            piece
          ) : (
            <mark key={at} class={depth > 1 ? 'group' : ''}>
              {piece}
            </mark>
          ),
        ])}
        {text === '' && <span class="quiet">(empty)</span>}
      </div>
      <ul class="regexes">
        {regexes.map((regex, at) => (
          <li key={at} class={regex.found ? '' : 'failed'}>
            <button class="line" title={`Go to line ${regex.line}`} onClick={() => openLine(regex.file, regex.line)}>
              <span class="place">line {regex.line}</span>
              <span>
                {regexStory(regex).replace(/`/g, '')}
                {regex.inCompletion < 0 && <span class="quiet"> In another text than the completion.</span>}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function stopTitle(regex: RegexCall | undefined): string {
  return (regex && regexStop(regex)) ?? '';
}
