import type { Span } from '../config/finding';

/** What a name of the user's stands for: a reward, a data set. */
export type RegisteredKind = 'reward' | 'dataset' | 'function';

/** A name that a Python file of the workspace gives to something of its own. */
export interface Registered {
  readonly kind: RegisteredKind;
  readonly name: string;
  /** Of the name where it is registered, or of the function's own name. */
  readonly span: Span;
}

const NAME = String.raw`['"]([^'"\n]{1,200})['"]`;

/**
 * How names are registered: `orms['x'] = X` and its like (`swift/rewards/orm.py @ 4.6`), `register_dataset(DatasetMeta(…))`
 * (`swift/dataset/register.py @ 4.6`), the table of data sets that Qwen-VL's trainers read `dataset_use` from
 * (`qwenvl/data/__init__.py`).
 */
const PLACES: readonly { readonly kind: RegisteredKind; readonly sign: RegExp }[] = [
  { kind: 'reward', sign: new RegExp(String.raw`^[ \t]*(?:orms|prms|rm_plugins)\[${NAME}\]\s*=`, 'gm') },
  { kind: 'reward', sign: new RegExp(String.raw`^[ \t]*(?:orms|rm_plugins)\.setdefault\(\s*${NAME}`, 'gm') },
  {
    kind: 'dataset',
    sign: new RegExp(String.raw`\b(?:dataset_name|ms_dataset_id|hf_dataset_id|dataset_path)\s*=\s*${NAME}`, 'g'),
  },
  { kind: 'function', sign: /^(?:async[ \t]+)?def[ \t]+([A-Za-z]\w*)[ \t]*\(/gm },
];

const TABLE = /^(?:data_dict|DATASETS|datasets)\s*(?::[^=\n]+)?=\s*\{([^]*?)^\}/gm;
const ENTRY = new RegExp(String.raw`^[ \t]*${NAME}\s*:`, 'gm');
const DECORATED = /^@register\(\s*['"](\w+)['"]\s*\)/gm;

/** Every name that a Python text registers, and its functions; found by form, so half-written text is fine. */
export function registeredIn(text: string): Registered[] {
  const found = PLACES.flatMap(({ kind, sign }) => [...text.matchAll(sign)].map((match) => named(kind, match)));
  const datasets = /\bregister_dataset\b/.test(text) ? found : found.filter(({ kind }) => kind !== 'dataset');
  return [...datasets, ...tables(text), ...[...text.matchAll(DECORATED)].map((match) => named('reward', match))];
}

function named(kind: RegisteredKind, match: RegExpExecArray, offset = 0): Registered {
  const name = match[1] ?? '';
  const start = offset + match.index + match[0].lastIndexOf(name);
  return { kind, name, span: { start, end: start + name.length } };
}

function tables(text: string): Registered[] {
  return [...text.matchAll(TABLE)].flatMap((table) => {
    const body = table[1] ?? '';
    const offset = table.index + table[0].length - body.length - 1;
    return [...body.matchAll(ENTRY)].map((entry) => named('dataset', entry, offset));
  });
}

/** How a parameter names what is the user's own. */
export type NamedBy = 'reward' | 'dataset' | 'module.function' | 'file:function' | 'file' | 'function' | 'path';

const BY_NAME: readonly { readonly framework: string; readonly path: RegExp; readonly by: readonly NamedBy[] }[] = [
  { framework: 'swift', path: /^reward_funcs$/, by: ['reward'] },
  {
    framework: 'swift',
    path: /^(val_|eval_)?dataset$|^cached_(val_)?dataset$|^chord_sft_dataset$/,
    by: ['dataset', 'path'],
  },
  { framework: 'swift', path: /^(external_plugins|custom_register_path)$/, by: ['file'] },
  { framework: 'trl', path: /^reward_funcs$/, by: ['module.function'] },
  { framework: 'easyr1', path: /^worker\.reward\.reward_function$/, by: ['file:function'] },
  { framework: 'verl', path: /custom_reward_function\.path$|\.module\.path$|custom_cls\.path$/, by: ['file'] },
  { framework: 'verl', path: /custom_reward_function\.name$/, by: ['function'] },
  { framework: 'own', path: /^dataset_use$/, by: ['dataset'] },
  { framework: 'own', path: /reward_func/, by: ['reward', 'function'] },
];

const PATHS =
  /(^|[._])(path|paths|dir|dirs|file|files|folder|model|adapters|ref_adapters|template|format_prompt|system|deepspeed|config|checkpoint|resume_from_checkpoint|dataset_name|model_name_or_path|image_root)$/;

/** What a parameter may name; nothing for numbers, switches and choices. */
export function namedBy(framework: string, path: string): readonly NamedBy[] {
  const special = BY_NAME.find((one) => one.framework === framework && one.path.test(path));
  return special?.by ?? (PATHS.test(path) ? ['path'] : []);
}
