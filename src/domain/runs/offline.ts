import type { Finding, Span } from '../config/finding';
import { STARTS } from '../frameworks/command';

/** Variables that keep Hugging Face's libraries at home; without them they ask the hub even for what lies on the disk. */
const OFFLINE = ['HF_HUB_OFFLINE', 'TRANSFORMERS_OFFLINE', 'HF_DATASETS_OFFLINE'] as const;

type Language = 'shellscript' | 'python';

interface Rule {
  readonly id: string;
  readonly pattern: RegExp;
  /** The sentence; undefined where the match is no fault after all. */
  text(match: RegExpMatchArray, whole: string): string | undefined;
}

/** `org/name`, and no path: two words, the first of which is no folder that scripts name. */
const HUB_ID =
  '(?!(?:\\.|~|/|data/|dataset/|datasets/|output/|outputs/|checkpoints?/|models?/|weights/|configs?/|src/|images/|examples/))([A-Za-z0-9][\\w.-]*/[A-Za-z0-9][\\w.-]*)';
const FILE = /\.(?:jsonl?|parquet|ya?ml|py|sh|txt|jinja2?|csv|pt|bin|safetensors|md)$/;
const SHELL_MODEL = new RegExp(
  `(?:--(?:model|model_name_or_path|model_id|base_model|dataset|val_dataset|dataset_name|adapters)[ =]+|\\b[\\w.]*(?:model_path|model\\.path)=|\\bMODEL(?:_PATH)?=)(?:"?\\$\\{\\w+:-)?["']?${HUB_ID}(?=["'\\s}]|$)`,
  'gm',
);
const PYTHON_MODEL = new RegExp(
  `(?:from_pretrained\\(|load_dataset\\(|\\b(?:model|model_path|model_name_or_path|model_id)\\s*=\\s*)["']${HUB_ID}["']`,
  'g',
);
const LOCAL = /(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]|\$)/;

const hubId: Rule['text'] = ([, id = '']) =>
  FILE.test(id) ? undefined : `${id} is looked up on the hub: name the folder that it was copied to.`;
const url: Rule['text'] = ([found]) =>
  LOCAL.test(found) ? undefined : `${found} is not within reach of an offline host.`;
const URL_RULE: Rule = { id: 'offline-url', pattern: /https?:\/\/[^\s"'<>)]+/g, text: url };

const SHELL: readonly Rule[] = [
  URL_RULE,
  { id: 'offline-hub', pattern: SHELL_MODEL, text: hubId },
  {
    id: 'offline-fetches',
    pattern:
      /(?:^|[;&|]\s*|\s)((?:pip3?|uv pip|python3? -m pip|conda|mamba) install(?![^\n]*--no-index)|git (?:clone|pull|fetch)|wget|curl|apt(?:-get)? install|(?:huggingface-cli|hf|modelscope) download)\b/gm,
    text: ([, what = '']) => `“${what}” needs a network: do it where there is one, and copy what it brings.`,
  },
  {
    id: 'offline-tracker',
    pattern: /--report_to[ =]+["']?(?:\w+,)*(wandb|swanlab)\b|trainer\.logger=[^\n]*?\b(wandb|swanlab)\b/g,
    text: ([, a, b], whole) => tracker(a ?? b ?? '', whole),
  },
];

const PYTHON: readonly Rule[] = [
  URL_RULE,
  { id: 'offline-hub', pattern: PYTHON_MODEL, text: hubId },
  {
    id: 'offline-import',
    pattern:
      /^[ \t]*(?:import|from)[ \t]+(requests|httpx|aiohttp|urllib\.request|urllib3|openai|anthropic|litellm|boto3|gradio_client)\b/gm,
    text: ([, name = '']) => `${name} speaks to other hosts; on an offline host its calls wait and then fail.`,
  },
  {
    id: 'offline-import',
    pattern: /^[ \t]*(?:import|from)[ \t]+(wandb|swanlab)\b/gm,
    text: ([, name = ''], whole) => tracker(name, whole),
  },
  {
    id: 'offline-fetches',
    pattern: /\b(snapshot_download|hf_hub_download|urlretrieve|nltk\.download)\s*\(/g,
    text: ([, name = '']) => `${name} brings something from elsewhere: do it where there is a network.`,
  },
  {
    id: 'offline-tracker',
    pattern: /\breport_to\s*=\s*\[?\s*["'](?:[^\n]*["'])?(wandb|swanlab)/g,
    text: ([, name = ''], whole) => tracker(name, whole),
  },
];

function tracker(name: string, whole: string): string | undefined {
  const quiet =
    name === 'wandb'
      ? /WANDB_MODE["'\]]*\s*[=,]\s*["']?(?:offline|disabled)/
      : /SWANLAB_MODE["'\]]*\s*[=,]\s*["']?(?:local|offline|disabled)/;
  if (quiet.test(whole)) return undefined;
  const set = name === 'wandb' ? 'WANDB_MODE=offline' : 'SWANLAB_MODE=local';
  return `${name} sends to its server: set ${set}, and send the folder later from where there is a network.`;
}

/** What in a script would go out, or would not stay at home, on a host without a network. */
export function offlineFindings(text: string, language: Language): readonly Finding[] {
  const code = withoutComments(text, language);
  const found = (language === 'python' ? PYTHON : SHELL).flatMap(({ id, pattern, text: say }) =>
    [...code.matchAll(pattern)].flatMap((match) => {
      const said = say(match, code);
      if (said === undefined) return [];
      const inner = match.slice(1).find((group) => group !== undefined) ?? match[0];
      const start = match.index + Math.max(0, match[0].lastIndexOf(inner));
      return [{ span: { start, end: start + inner.length }, weight: 'warning', rule: id, text: said } as const];
    }),
  );
  return [...unset(text, code, language), ...once(found)].sort((a, b) => a.span.start - b.span.start);
}

/** One finding at one place. */
function once(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(
    ({ span }, at) => !findings.slice(0, at).some((one) => one.span.start <= span.start && span.start < one.span.end),
  );
}

const PYTHON_START = /\b(?:\w*Trainer|rlhf_main|sft_main)\(/;

/** A training that is started without the variables; one change sets them all. */
function unset(text: string, code: string, language: Language): readonly Finding[] {
  const start = (language === 'python' ? PYTHON_START : STARTS).exec(code);
  const missing = OFFLINE.filter((name) => !new RegExp(`${name}["']?\\s*[=,\\]]`).test(code));
  if (!start || missing.length === 0) return [];
  const lines = missing.map((name) =>
    language === 'python' ? `os.environ.setdefault("${name}", "1")` : `export ${name}=1`,
  );
  const insert = insertion(text, language);
  const needs = language === 'python' && !/^\s*import os\b/m.test(code) ? ['import os', ''] : [];
  const change = { span: { start: insert, end: insert }, text: `${[...needs, ...lines].join('\n')}\n` };
  const span: Span = { start: start.index, end: start.index + start[0].length };
  const said = `On an offline host this asks the hub first: ${missing.map((name) => `${name}=1`).join(', ')} ${missing.length === 1 ? 'is' : 'are'} not set.`;
  const fixes = [{ title: 'Set the variables for offline mode', changes: [change] }];
  return [{ span, weight: 'warning', rule: 'offline-variables', text: said, fixes }];
}

/** Behind the first lines that must stay first: `#!`, comments, the docstring, `import os`. */
function insertion(text: string, language: Language): number {
  if (language === 'shellscript') return /^(?:#[^\n]*\n)*/.exec(text)?.[0].length ?? 0;
  const os = /^import os\n/m.exec(text);
  if (os) return os.index + os[0].length;
  return /^(?:#[^\n]*\n)*(?:\s*"""[\s\S]*?"""\n+)?(?:from __future__[^\n]*\n+)?/.exec(text)?.[0].length ?? 0;
}

/** The text with its comments blank, every place as it was. */
function withoutComments(text: string, language: Language): string {
  const comment = language === 'python' ? /("""[\s\S]*?"""|'''[\s\S]*?''')|#[^\n]*/g : /(?<=^|\s)#[^\n]*/gm;
  return text.replace(comment, (found) => found.replace(/[^\n]/g, ' '));
}
