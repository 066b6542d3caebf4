import type { Change, Fix } from '../config/finding';
import type { Judged } from '../language/resolve';
import { extentOf, type Setting } from '../config/sheet';

interface Wanted {
  readonly path: string;
  /** Null: taken out. */
  readonly value: string | null;
}

/** What makes a command train adapters, and what makes it train all weights split by ZeRO-3. */
const WAYS: Readonly<Record<string, { readonly adapters: readonly Wanted[]; readonly all: readonly Wanted[] }>> = {
  swift: {
    adapters: [
      { path: 'tuner_type', value: 'lora' },
      { path: 'lora_rank', value: '16' },
      { path: 'lora_alpha', value: '32' },
      { path: 'learning_rate', value: '1e-5' },
      { path: 'deepspeed', value: null },
    ],
    all: [
      { path: 'tuner_type', value: 'full' },
      { path: 'deepspeed', value: 'zero3' },
      { path: 'learning_rate', value: '1e-6' },
      { path: 'lora_rank', value: null },
      { path: 'lora_alpha', value: null },
      { path: 'target_modules', value: null },
    ],
  },
  trl: {
    adapters: [
      { path: 'use_peft', value: 'true' },
      { path: 'lora_r', value: '16' },
      { path: 'lora_alpha', value: '32' },
      { path: 'learning_rate', value: '1e-5' },
      { path: 'accelerate_config', value: null },
    ],
    all: [
      { path: 'use_peft', value: 'false' },
      { path: 'accelerate_config', value: 'zero3' },
      { path: 'learning_rate', value: '1e-6' },
      { path: 'lora_r', value: null },
      { path: 'lora_alpha', value: null },
      { path: 'lora_target_modules', value: null },
    ],
  },
};

/** Rewrites a command between LoRA and full tuning with ZeRO-3, as one change; undefined where that is not its framework's way. */
export function otherTuning({ sheet, framework, catalogue }: Judged): Fix | undefined {
  const ways = WAYS[framework.id];
  if (!ways || (sheet.dialect !== 'flags' && sheet.dialect !== 'yaml')) return undefined;
  const given = new Map(sheet.settings.map((setting) => [setting.path, setting]));
  const older = framework.id === 'swift' && !catalogue.parameters.some(({ path }) => path === 'tuner_type');
  const named = (path: string): string =>
    path === 'tuner_type' && (older || given.has('train_type')) ? 'train_type' : path;
  const tuner =
    framework.id === 'swift'
      ? given.get(named('tuner_type'))?.text !== 'full'
      : given.get('use_peft') !== undefined && given.get('use_peft')?.text !== 'false';
  const wanted = (tuner ? ways.all : ways.adapters).map((one) => ({ ...one, path: named(one.path) }));
  const changes = wanted.flatMap((one) => change(one, given.get(one.path), sheet.dialect === 'flags'));
  const end = endOf(
    sheet.settings.filter(({ path }) => !wanted.some((one) => one.path === path && one.value === null)),
  );
  const added = wanted.filter(({ path, value }) => value !== null && !given.has(path));
  if (end === undefined) return undefined;
  const text = added
    .map(({ path, value }) => (sheet.dialect === 'flags' ? ` --${path} ${value}` : `\n${path}: ${value}`))
    .join('');
  const title = tuner ? 'Train all weights, split by ZeRO-3' : 'Train LoRA adapters only';
  return { title, changes: [...changes, ...(text === '' ? [] : [{ span: { start: end, end }, text }])] };
}

const endOfOne = (setting: Setting): number => setting.valueSpan?.end ?? setting.key.end;

function endOf(settings: readonly Setting[]): number | undefined {
  const last = settings.filter(({ section, path }) => !section && !path.includes('.')).at(-1);
  return last && endOfOne(last);
}

function change({ value }: Wanted, setting: Setting | undefined, flags: boolean): Change[] {
  if (!setting || setting.text === value || setting.variable !== undefined) return [];
  if (value !== null) {
    if (setting.valueSpan) return [{ span: setting.valueSpan, text: value }];
    return [{ span: { start: setting.key.end, end: setting.key.end }, text: flags ? ` ${value}` : `: ${value}` }];
  }
  const span = extentOf(setting);
  return span ? [{ span, text: '' }] : [];
}

/** What stands where a setting was taken out: the rest of its line goes with it, where nothing else stands there. */
export function withoutEmptyLines(text: string, fix: Fix): Fix {
  const changes = fix.changes.map((one) => {
    if (one.text !== '') return one;
    const start = text.lastIndexOf('\n', one.span.start - 1) + 1;
    const next = text.indexOf('\n', one.span.end);
    const end = next < 0 ? text.length : next + 1;
    const rest = text.slice(start, one.span.start) + text.slice(one.span.end, end);
    return /^[ \t]*\\?[ \t]*\r?\n?$/.test(rest) && start > 0 ? { ...one, span: { start, end } } : one;
  });
  return { ...fix, changes };
}
