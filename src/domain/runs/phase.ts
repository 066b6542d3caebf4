/** What a run does before its first step, in the order in which it comes. */
export type Phase =
  'starting' | 'loading data' | 'loading the weights' | 'starting the rollout engine' | 'first rollout';

const SIGNS: readonly (readonly [Phase, RegExp])[] = [
  [
    'first rollout',
    /(?:^|[\r\n])\s*(?:Train:|Training Progress:|Running step:)?\s*0%\|[^|]*\| 0\/\d+ \[|Start generating batch/,
  ],
  ['starting the rollout engine', /vllm[.: ]|\bvLLM\b|EngineCore|Capturing CUDA graph|sglang/i],
  ['loading the weights', /Loading (?:weights|checkpoint shards|safetensors)/],
  ['loading data', /(?:Map|Filter|Tokenizing|Generating \w+ split)[^\r\n]*?:\s+\d+%\||Downloading data/],
];

/** The phase that a stretch of log has reached; `before` where it says nothing new. Phases only go forward. */
export function phaseOf(text: string, before: Phase = 'starting'): Phase {
  const order: readonly Phase[] = ['starting', ...SIGNS.map(([phase]) => phase).reverse()];
  const found = SIGNS.find(([, sign]) => sign.test(text))?.[0] ?? before;
  return order.indexOf(found) > order.indexOf(before) ? found : before;
}

/** A phase and where in the text its first sign stands. */
export interface PhaseStart {
  readonly phase: Phase;
  readonly at: number;
}

/** The phases that a log's beginning shows, in order; the first one begins with it. */
export function phaseStarts(text: string): PhaseStart[] {
  const order: readonly Phase[] = ['starting', ...SIGNS.map(([phase]) => phase).reverse()];
  const seen = SIGNS.map(([phase, sign]) => ({ phase, at: text.search(sign) })).filter(({ at }) => at >= 0);
  const starts: PhaseStart[] = [{ phase: 'starting', at: 0 }];
  for (const found of seen.sort((a, b) => a.at - b.at))
    if (order.indexOf(found.phase) > order.indexOf(starts.at(-1)?.phase ?? 'starting')) starts.push(found);
  return starts;
}
