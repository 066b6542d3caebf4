import type { Finding, Fix } from '../../config/finding';
import { byPath, pathsOf } from '../../language/catalogue';
import { isSlip, nearest } from '../../language/near';
import type { Catalogue, Parameter, Removed } from '../../config/parameter';
import type { Setting, Sheet } from '../../config/sheet';

interface Grammar {
  readonly known: Catalogue;
  readonly judges: 'all' | 'known';
}

/** Which training backend a command chooses. */
export function engineOf(sheet: Sheet): Engine {
  const known = engines.get(sheet);
  if (known) return known;
  const engine = chosenEngine(sheet);
  engines.set(sheet, engine);
  return engine;
}

type Engine = 'dp' | 'megatron' | 'other';

const MISPLACED = /^actor_rollout_ref\..*\bmodel_engine$/;

const engines = new WeakMap<Sheet, Engine>();

/** A `model_engine` in a section where there is none is said by itself; what it means to choose is taken as chosen. */
function chosenEngine({ settings, options = [] }: Sheet): Engine {
  const choice =
    settings.find(({ path }) => path === 'model_engine') ?? settings.find(({ path }) => MISPLACED.test(path));
  const named = options.find(({ path }) => path === 'config_name');
  if (settings.some(({ path }) => path.includes('@'))) return 'other';
  const chosen = choice ? choice.text : /megatron/.test(named?.text ?? '') ? 'megatron' : 'dp';
  return chosen === 'dp' || chosen === 'megatron' ? chosen : 'other';
}

/** What Hydra says of a key: is it there, is `+` needed or one too many? Undefined: the usual checks go on. */
export function verlKey(setting: Setting, sheet: Sheet, grammar: Grammar): Finding[] | undefined {
  const { path } = setting;
  if (/^hydra(\.|$)|[@/]|(^|\.)_\w+_$/.test(path) || path === 'defaults') return [];
  const parameter = byPath(grammar.known).get(path);
  if (sheet.dialect === 'yaml') return inFile(setting, parameter, grammar);
  if (parameter) return known(setting, parameter, sheet, grammar);
  if (grammar.known.sections?.includes(path))
    return setting.prefix === '+' && typeof setting.value !== 'object' ? [superfluous(setting)] : [];
  if (isFree(path, grammar.known)) return free(setting);
  return engineOf(sheet) === 'other' ? slip(setting, grammar) : unknown(setting, grammar);
}

/** A file of one's own may declare any key. */
function inFile(setting: Setting, parameter: Parameter | undefined, { known }: Grammar): Finding[] | undefined {
  if (parameter || known.removed.some(({ path }) => path === setting.path)) return undefined;
  if (known.sections?.includes(setting.path) || isFree(setting.path, known)) return [];
  const [best] = nearest(setting.path, pathsOf(known));
  const root = setting.path.split('.')[0] ?? '';
  if (setting.section || !best || !ROOTS.has(root)) return [];
  if (isSlip(setting.path, best)) return undefined;
  return [
    {
      ...about(setting),
      weight: 'warning',
      rule: 'unknown-key',
      text: `verl ${known.version} reads no "${setting.path}". Did you mean "${best}"?`,
    },
  ];
}

const ROOTS = new Set(['actor_rollout_ref', 'algorithm', 'critic', 'data', 'reward', 'reward_model', 'trainer']);

function about(setting: Setting): { span: Finding['span']; key: string } {
  return { span: setting.key, key: setting.path };
}

function known(
  setting: Setting,
  parameter: Parameter,
  sheet: Sheet,
  { known: catalogue, judges }: Grammar,
): Finding[] | undefined {
  const engine = engineOf(sheet);
  const absent = parameter.only !== undefined && engine !== 'other' && parameter.only !== engine;
  if (absent && judges === 'all' && setting.prefix === undefined) {
    const where = parameter.only === 'megatron' ? 'with model_engine=megatron' : 'without megatron';
    return [
      {
        ...about(setting),
        weight: 'error',
        rule: 'unknown-key',
        text: `verl ${catalogue.version} has "${setting.path}" only ${where}.`,
      },
    ];
  }
  if (judges === 'known') return undefined;
  if (parameter.needsPlus && setting.prefix === undefined) return [missing(setting)];
  if (!parameter.needsPlus && !absent && setting.prefix === '+' && isTaken(parameter, setting))
    return [superfluous(setting)];
  return undefined;
}

/** Hydra adds with `+` also where the key is there but null, and where a list or a mapping comes (`hydra/_internal/config_loader_impl.py`). */
function isTaken({ default: standard }: Parameter, { value }: Setting): boolean {
  if (standard === null || standard === undefined || standard === '???') return false;
  if (typeof standard === 'string' && standard.includes('${')) return false;
  return typeof value !== 'object';
}

function plus(setting: Setting): Fix {
  const at = setting.key.start;
  return { title: `Write +${setting.path}`, changes: [{ span: { start: at, end: at }, text: '+' }] };
}

function missing(setting: Setting): Finding {
  const text = `${setting.path} is not in verl's configuration by itself: Hydra wants +${setting.path} to add it.`;
  return { ...about(setting), weight: 'error', rule: 'missing-plus', text, fixes: [plus(setting)] };
}

function superfluous(setting: Setting): Finding {
  const start = setting.key.start - 1;
  const text = `${setting.path} is already in verl's configuration: Hydra refuses to add it again with +.`;
  const fix = { title: 'Remove +', changes: [{ span: { start, end: setting.key.start }, text: '' }] };
  return {
    span: { start, end: setting.key.end },
    key: setting.path,
    weight: 'error',
    rule: 'superfluous-plus',
    text,
    fixes: [fix],
  };
}

/** Below a key that holds any mapping (`engine_kwargs.vllm`) everything may be added. */
function isFree(path: string, catalogue: Catalogue): boolean {
  const all = byPath(catalogue);
  for (let dot = path.lastIndexOf('.'); dot > 0; dot = path.lastIndexOf('.', dot - 1)) {
    const above = all.get(path.slice(0, dot));
    if (above) return above.type.kind === 'dict' || above.type.kind === 'any';
  }
  return false;
}

function free(setting: Setting): Finding[] {
  return setting.prefix === undefined ? [missing(setting)] : [];
}

/** Under a backend whose keys are not all known only a slip of the pen is said. */
function slip(setting: Setting, { known: catalogue }: Grammar): Finding[] {
  const parent = setting.path.slice(0, setting.path.lastIndexOf('.') + 1);
  const siblings = catalogue.parameters.filter(({ path }) => path.startsWith(parent)).map(({ path }) => leaf(path));
  const [best] = nearest(leaf(setting.path), siblings);
  if (best === undefined || setting.prefix !== undefined) return [];
  const text = `verl ${catalogue.version} has no "${setting.path}". Did you mean "${best}"?`;
  const start = setting.key.end - leaf(setting.path).length;
  const fix = { title: `Change to ${best}`, changes: [{ span: { start, end: setting.key.end }, text: best }] };
  return [{ ...about(setting), weight: 'error', rule: 'unknown-key', text, fixes: [fix] }];
}

function unknown(setting: Setting, { known: catalogue, judges }: Grammar): Finding[] | undefined {
  const gone = catalogue.removed.find(({ path }) => path === setting.path);
  if (gone && setting.prefix === undefined) return appended(gone) ? [missing(setting)] : undefined;
  if (gone) return [];
  if (setting.prefix === undefined || setting.prefix === '~') return undefined;
  if (judges === 'known') return [];
  const [best] = nearest(setting.path, pathsOf(catalogue));
  if (FILLED.test(setting.path)) return [refused(setting, best, catalogue)];
  if (best === undefined || leaf(best) === leaf(setting.path)) return [];
  const text = `Nothing in verl ${catalogue.version} reads "${setting.path}". Did you mean "${best}"?`;
  return [{ ...about(setting), weight: 'warning', rule: 'unknown-key', text }];
}

/** Keys right below a section that every run turns into a dataclass, which takes no other keys (`verl/utils/config.py:44`). */
const FILLED = /^actor_rollout_ref\.(actor|rollout|model)\.[^.]+$/;

function refused(setting: Setting, best: string | undefined, { version }: Catalogue): Finding {
  const text = `verl ${version} has no "${setting.path}": + adds it, and its section refuses it when it is read.`;
  const start = setting.key.start - (setting.prefix?.length ?? 0);
  const fix = best && { title: `Change to ${best}`, changes: [{ span: { start, end: setting.key.end }, text: best }] };
  return {
    ...about(setting),
    weight: 'error',
    rule: 'unknown-key',
    text: best ? `${text} Did you mean "${best}"?` : text,
    fixes: fix ? [fix] : [],
  };
}

const leaf = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

/** A key that releases used to declare and that a command can add by itself. */
function appended({ path, replacement }: Removed): boolean {
  return replacement === `+${path}`;
}
