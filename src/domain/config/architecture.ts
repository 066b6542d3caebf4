import { parsed } from '../../base/json';

/** The sizes of a network that decide how much memory its training takes. */
export interface Architecture {
  readonly parameters: number;
  readonly hidden: number;
  readonly layers: number;
  readonly intermediate: number;
  readonly vocabulary: number;
  /** Whence it is known, for people. */
  readonly from: string;
}

type Sizes = readonly [
  pattern: RegExp,
  billions: number,
  hidden: number,
  layers: number,
  intermediate: number,
  vocabulary: number,
];

/** `config.json` of each model on the Hugging Face hub; billions include the vision tower. */
const KNOWN: readonly Sizes[] = [
  [/qwen2\.5-vl-3b/i, 3.75, 2048, 36, 11008, 151936],
  [/qwen2\.5-vl-7b/i, 8.29, 3584, 28, 18944, 152064],
  [/qwen2\.5-vl-32b/i, 33.5, 5120, 64, 27648, 152064],
  [/qwen2\.5-vl-72b/i, 73.4, 8192, 80, 29568, 152064],
  [/qwen2-vl-2b/i, 2.21, 1536, 28, 8960, 151936],
  [/qwen2-vl-7b/i, 8.29, 3584, 28, 18944, 152064],
  [/qwen3-vl-2b/i, 2.13, 2048, 28, 6144, 151936],
  [/qwen3-vl-4b/i, 4.44, 2560, 36, 9728, 151936],
  [/qwen3-vl-8b/i, 8.77, 4096, 36, 12288, 151936],
  [/qwen2\.?5?[-\w]*-0\.5b/i, 0.494, 896, 24, 4864, 151936],
  [/qwen2\.?5?[-\w]*-1\.5b/i, 1.54, 1536, 28, 8960, 151936],
  [/qwen2\.5[-\w]*-3b/i, 3.09, 2048, 36, 11008, 151936],
  [/qwen2\.?5?[-\w]*-7b/i, 7.62, 3584, 28, 18944, 152064],
  [/qwen2\.5[-\w]*-14b/i, 14.8, 5120, 48, 13824, 152064],
  [/qwen2\.5[-\w]*-32b/i, 32.8, 5120, 64, 27648, 152064],
  [/qwen2\.?5?[-\w]*-72b/i, 72.7, 8192, 80, 29568, 152064],
  [/qwen3-0\.6b/i, 0.6, 1024, 28, 3072, 151936],
  [/qwen3-1\.7b/i, 1.72, 2048, 28, 6144, 151936],
  [/qwen3-4b/i, 4.02, 2560, 36, 9728, 151936],
  [/qwen3-8b/i, 8.19, 4096, 36, 12288, 151936],
  [/qwen3-14b/i, 14.8, 5120, 40, 17408, 151936],
  [/qwen3-32b/i, 32.8, 5120, 64, 25600, 151936],
  [/llama-3\.2-1b/i, 1.24, 2048, 16, 8192, 128256],
  [/llama-3\.2-3b/i, 3.21, 3072, 28, 8192, 128256],
  [/llama-3(\.1)?-8b/i, 8.03, 4096, 32, 14336, 128256],
];

const SIZE = /(?:^|[-_/])(\d+(?:\.\d+)?)b(?:$|[-_./])/i;

/** A model by its name: a known one, else one whose size stands in the name, taken for the known one nearest in size. */
export function architectureOf(name: string): Architecture | undefined {
  const known = KNOWN.find(([pattern]) => pattern.test(name));
  if (known) return of(known, known[1], 'its name');
  const billions = Number(SIZE.exec(name)?.[1] ?? NaN);
  if (Number.isNaN(billions)) return undefined;
  const near = [...KNOWN].sort((a, b) => Math.abs(Math.log(a[1] / billions)) - Math.abs(Math.log(b[1] / billions)))[0];
  return near && of(near, billions, `the size in its name, shaped like ${near[1]} B`);
}

function of([, , hidden, layers, intermediate, vocabulary]: Sizes, billions: number, from: string): Architecture {
  return { parameters: billions * 1e9, hidden, layers, intermediate, vocabulary, from };
}

/** How many experts share a layer, as families of mixtures call it: how large each is they all say in ways of their own. */
const EXPERTS = ['num_experts', 'num_local_experts', 'n_routed_experts', 'moe_num_experts'];

/** A model by the `config.json` beside its weights; undefined where that tells too little. */
export function architectureIn(json: string): Architecture | undefined {
  const config = asObject(parsed(json));
  const inner = config?.['text_config'];
  const text = typeof inner === 'object' && inner !== null ? { ...config, ...inner } : config;
  const number = (key: string): number => (typeof text?.[key] === 'number' ? text[key] : NaN);
  const [hidden, layers, intermediate, vocabulary] = [
    number('hidden_size'),
    number('num_hidden_layers'),
    number('intermediate_size'),
    number('vocab_size'),
  ];
  const heads = number('num_attention_heads');
  const size = Number.isNaN(number('head_dim')) ? hidden / heads : number('head_dim');
  const keys = Number.isNaN(number('num_key_value_heads')) ? heads : number('num_key_value_heads');
  const layer = 2 * hidden * size * (heads + keys) + 3 * hidden * intermediate;
  const parameters = layers * layer + vocabulary * hidden * (text?.['tie_word_embeddings'] === true ? 1 : 2);
  const experts = EXPERTS.some((key) => number(key) > 1);
  if (Number.isNaN(parameters) || experts) return undefined;
  return { parameters, hidden, layers, intermediate, vocabulary, from: 'its config.json' };
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
}
