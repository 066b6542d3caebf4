import type { Setting } from '../config/sheet';
import { readFlags } from './flags';
import { textOf, type Word } from './shell/expand';

/** What a command starts, without the wrappers around it. */
export interface Program {
  /** `['swift', 'rlhf']`, `['python3', '-m', 'verl.trainer.main_ppo']`, `['torchrun', 'train.py']`. */
  readonly command: readonly string[];
  readonly commandWords: readonly Word[];
  /** The words after it. */
  readonly rest: readonly Word[];
  /** Settings of torchrun, accelerate and their like. */
  readonly options: readonly Setting[];
}

const WRAPPERS = new Set(['nohup', 'exec', 'command', 'sudo', 'stdbuf', 'time', 'nice', 'numactl', 'setsid', 'env']);
const RUNNERS: Readonly<Record<string, string>> = { uv: 'run', poetry: 'run', pdm: 'run', rye: 'run', conda: 'run' };
const LAUNCHERS = new Set(['torchrun', 'accelerate', 'deepspeed', 'torch.distributed.run', 'torch.distributed.launch']);
const MODULES_THAT_LAUNCH =
  /^(torch\.distributed\.(run|launch)|accelerate\.commands\.launch|deepspeed\.launcher\.runner)$/;

/** Flags of the launchers that take no value. */
const BARE = new Set(
  [
    'standalone no_python module use_env m multi_gpu cpu tpu mps quiet debug use_deepspeed use_fsdp use_parallelism_config',
    'use_megatron_lm use_xpu same_network no_local_rank enable_each_rank_log force_multi',
  ].flatMap((line) => line.split(' ')),
);

const baseName = (path: string): string => path.split(/[\\/]/).pop() ?? path;

/** Takes the wrappers off a command's words; undefined for no words at all. */
export function programOf(words: readonly Word[]): Program | undefined {
  const texts = words.map((word) => textOf(word));
  let at = 0;
  for (;;) {
    const next = afterWrapper(texts, at);
    if (next === at) break;
    at = next;
  }
  const name = texts[at];
  if (name === undefined) return texts[at + 1] === '-m' ? python(words, texts, at) : undefined;
  if (/^python[\d.]*$/.test(baseName(name))) return python(words, texts, at);
  if (LAUNCHERS.has(baseName(name)))
    return launched(words, texts, at, baseName(name) === 'accelerate' ? at + 2 : at + 1);
  const subcommand = texts[at + 1];
  const hasSubcommand = subcommand !== undefined && /^[a-z][\w-]*$/.test(subcommand);
  return program(words, at, at + (hasSubcommand ? 2 : 1));
}

function afterWrapper(texts: readonly (string | undefined)[], at: number): number {
  const name = texts[at];
  if (name === undefined) return at;
  if (WRAPPERS.has(name)) return skipFlags(texts, at + 1);
  if (name === 'timeout') return Math.min(skipFlags(texts, at + 1) + 1, texts.length);
  if (RUNNERS[name] !== undefined && texts[at + 1] === RUNNERS[name]) return skipFlags(texts, at + 2);
  const separator = texts.indexOf('--', at);
  if (name === 'ray' && separator > at) return separator + 1;
  if (name === 'srun' || name === 'mpirun') {
    const start = texts.findIndex(
      (text, index) => index > at && /^(python[\d.]*|torchrun|accelerate|bash)$/.test(baseName(text ?? '')),
    );
    return start > at ? start : at;
  }
  return at;
}

function skipFlags(texts: readonly (string | undefined)[], from: number): number {
  let at = from;
  while (/^(-|[A-Za-z_]\w*=)/.test(texts[at] ?? '')) {
    const takesValue = /^(-n|-p|-N|-c|-m|-u|-k|-s|--with|--extra|--python)$/.test(texts[at] ?? '');
    at += takesValue ? 2 : 1;
  }
  return at;
}

function python(words: readonly Word[], texts: readonly (string | undefined)[], from: number): Program {
  let at = from + 1;
  while (/^-[^m]/.test(texts[at] ?? '')) at += /^-[WX]$/.test(texts[at] ?? '') ? 2 : 1;
  if (texts[at] !== '-m') return program(words, from, Math.min(at + 1, words.length), at);
  if (MODULES_THAT_LAUNCH.test(texts[at + 1] ?? '')) return launched(words, texts, from, at + 2);
  return program(words, from, Math.min(at + 2, words.length), at);
}

/** The launcher's own flags up to the script or the module, then the script's. */
function launched(
  words: readonly Word[],
  texts: readonly (string | undefined)[],
  from: number,
  start: number,
): Program {
  let at = start;
  let module = false;
  while (at < words.length) {
    const text = texts[at] ?? begun(words[at]);
    if (!text.startsWith('-')) break;
    const name = text.replace(/^-+/, '').replaceAll('-', '_');
    module ||= name === 'm' || name === 'module';
    at += text.includes('=') || BARE.has(name) || (texts[at + 1] ?? '').startsWith('-') ? 1 : 2;
  }
  const options = readFlags(words.slice(start, at)).settings;
  const result = program(words, from, Math.min(at + 1, words.length), at);
  const target = texts[at];
  const command = [texts[from] ?? '', ...(module ? ['-m'] : []), ...(target === undefined ? [] : [target])];
  return { ...result, command, options };
}

/** The known beginning of a word: `--nnodes=` of `--nnodes=$WORLD_SIZE`. */
function begun(word: Word | undefined): string {
  return word?.pieces[0]?.text ?? '';
}

function program(words: readonly Word[], from: number, end: number, flagsUntil = from + 1): Program {
  const commandWords = [...words.slice(from, from + 1), ...words.slice(Math.max(flagsUntil, from + 1), end)];
  const command = commandWords.map((word) => textOf(word) ?? '');
  return { command, commandWords, rest: words.slice(end), options: [] };
}
