import type { Finding, Fix, Span } from '../config/finding';
import type { Surroundings } from '../frameworks/framework';
import { applyRules } from '../frameworks/rule';
import type { Parameter, Removed } from '../config/parameter';
import { extentOf, type Setting, type Sheet } from '../config/sheet';
import { byPath, pathsOf } from './catalogue';
import { checksAlike, fineSettings } from './fine';
import { factsOf } from './compose';
import { misfit, wants } from './fits';
import { isSlip, nearest } from './near';
import { outOfRange } from './ranges';
import { resolve, type Judged } from './resolve';
import { show, showChoices } from './show';

/** Everything worth saying about a sheet: its keys and values by themselves, then the rules between them. */
export function check(judged: Judged, around: Surroundings): Finding[] {
  const { sheet, framework } = judged;
  if (framework.judges(sheet) === 'none') return [...sheet.findings];
  const own = settings(judged);
  const rank = ({ rule }: Finding): number => (sheet.dialect === 'flags' ? FLAGS[rule] : REST[rule]) ?? 1;
  return [
    ...sheet.findings,
    ...own.filter((finding) => rank(finding) < 2).sort((a, b) => rank(a) - rank(b)),
    ...duplicates(judged),
    ...applyRules(framework.rules, factsOf(judged, around)),
    ...own.filter((finding) => rank(finding) === 2),
    ...placeholders(sheet),
  ];
}

/**
 * Findings come in the order in which a framework would stop at them: argparse looks for ambiguous flags first and gives
 * back what it does not know last; a Python call and a strict configuration refuse an unknown key before all else.
 */
const FLAGS: Readonly<Record<string, number>> = { 'ambiguous-flag': 0, 'unknown-key': 2, 'removed-key': 2 };
const REST: Readonly<Record<string, number>> = { 'unknown-key': 0, 'removed-key': 0 };

/** Each setting by itself; below a section or a mapping that was already judged nothing more is said. */
function settings(judged: Judged): Finding[] {
  const unknown: string[] = [];
  const findings: Finding[] = [];
  const parameters = byPath(judged.catalogue);
  const fine = fineSettings(judged);
  for (const setting of judged.sheet.settings) {
    if (setting.own || unknown.some((section) => setting.path.startsWith(section))) continue;
    const known = fine.get(setting.path);
    if (known && checksAlike(known, setting)) continue;
    const found = isSection(setting.path, parameters) ? notSection(setting, judged) : checkSetting(setting, judged);
    if (found.length === 0) fine.set(setting.path, setting);
    else if (setting.section) unknown.push(`${setting.path}.`);
    findings.push(...found);
  }
  return findings;
}

/** A section that got a single value; a mapping in one word (`a={b: 1}`) is fine. */
function notSection(setting: Setting, { framework, sheet }: Judged): Finding[] {
  const { value, path } = setting;
  if (setting.section || value === undefined || typeof value === 'object' || sheet.dialect === 'overrides') return [];
  const text = `${path} is a section of ${framework.name}'s settings, not a value.`;
  return [{ span: setting.valueSpan ?? setting.key, weight: 'error', rule: 'bad-type', key: path, text }];
}

const sections = new WeakMap<ReadonlyMap<string, Parameter>, Set<string>>();

/** Does the path hold parameters? */
function isSection(path: string, known: ReadonlyMap<string, Parameter>): boolean {
  let all = sections.get(known);
  if (!all) {
    all = new Set<string>();
    for (const one of known.keys()) {
      for (let dot = one.indexOf('.'); dot > 0; dot = one.indexOf('.', dot + 1)) all.add(one.slice(0, dot));
    }
    sections.set(known, all);
  }
  return all.has(path);
}

/** Is it part of the value of a mapping that the framework does not look into? */
function isInside(path: string, known: ReadonlyMap<string, Parameter>): boolean {
  for (let dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
    const above = known.get(path.slice(0, dot));
    if (above && (above.type.kind === 'dict' || above.type.kind === 'any')) return !known.has(path);
  }
  return false;
}

function checkSetting(setting: Setting, judged: Judged): Finding[] {
  if (setting.path === '') return [];
  const own = judged.framework.key?.(setting, judged.sheet, judged.catalogue);
  if (own) return own;
  if (isInside(setting.path, byPath(judged.catalogue))) return inMapping(setting, judged);
  const resolved = resolve(setting.path, judged);
  if (resolved.kind === 'ambiguous') return [ambiguous(setting, resolved.flags)];
  if (resolved.kind === 'unknown') return unknownKey(setting, judged);
  const { parameter } = resolved;
  return [...remarks(setting, parameter, judged), ...valueFindings(setting, parameter, judged)];
}

/** A mapping takes any key, Hydra's own (`_target_`) too: only what looks like a slip for one that is known there is said. */
function inMapping(setting: Setting, { framework, catalogue }: Judged): Finding[] {
  const dot = setting.path.lastIndexOf('.') + 1;
  const section = setting.path.slice(0, dot);
  if (/^_\w+_$/.test(setting.path.slice(dot))) return [];
  const beside = pathsOf(catalogue).flatMap((path) => (path.startsWith(section) ? path.slice(dot) : []));
  const [best] = nearest(setting.path.slice(dot), beside);
  if (best === undefined) return [];
  const text = `${framework.name} ${catalogue.version} reads no "${setting.path}". Did you mean "${best}"?`;
  const fixes = rename(setting, section + best);
  return [{ span: setting.key, weight: 'warning', rule: 'unknown-key', key: setting.path, text, fixes }];
}

function ambiguous(setting: Setting, flags: readonly string[]): Finding {
  const some = flags.slice(0, 4).map((flag) => `--${flag}`);
  const rest = flags.length > 4 ? ` and ${flags.length - 4} more` : '';
  return {
    span: setting.key,
    weight: 'error',
    rule: 'ambiguous-flag',
    key: setting.path,
    text: `--${setting.path} could be ${some.join(', ')}${rest}: write the whole flag.`,
    fixes: flags.slice(0, 4).flatMap((flag) => rename(setting, flag)),
  };
}

const FIXED_PREFIX = /^--?/;

/** Replaces the name in a key, its dashes kept; nothing for a key in a section that the other name is not in. */
function rename({ key, path }: Setting, name: string): Fix[] {
  const dashes = key.end - key.start - path.length;
  const above = path.slice(0, Math.max(0, -dashes));
  if (!name.startsWith(above)) return [];
  const start = key.start + (dashes > 0 && dashes <= 2 ? dashes : 0);
  const text = name.slice(above.length).replace(FIXED_PREFIX, '');
  return [{ title: `Change to ${name}`, changes: [{ span: { start, end: key.end }, text }] }];
}

function unknownKey(setting: Setting, judged: Judged): Finding[] {
  const { catalogue, framework } = judged;
  const removed = catalogue.removed.find((one) => one.path === setting.path);
  if (removed) return [removedKey(setting, removed, judged)];
  const some = framework.judges(judged.sheet) === 'known';
  const near = nearest(setting.path, pathsOf(catalogue)).filter((name) => !some || isSlip(setting.path, name));
  const [best] = near;
  if (some && best === undefined) return [];
  return [
    {
      span: setting.key,
      weight: some ? 'warning' : 'error',
      rule: 'unknown-key',
      key: setting.path,
      text: `${framework.name} ${catalogue.version} has no "${setting.path}".${best ? ` Did you mean "${best}"?` : ''}`,
      fixes: near.flatMap((name) => rename(setting, name)),
    },
  ];
}

/** Takes a setting out of its text; whoever writes the change takes an emptied line along. */
function removal(title: string, setting: Setting): Fix[] {
  const span = setting.section ? undefined : extentOf(setting);
  return span ? [{ title, changes: [{ span, text: '' }] }] : [];
}

function removedKey(setting: Setting, removed: Removed, { framework, catalogue }: Judged): Finding {
  const names = new Set(catalogue.parameters.map(({ path }) => path));
  const replacement = removed.replacement?.split(' ')[0]?.replace(/^\+/, '');
  const useful = replacement !== undefined && names.has(replacement);
  const since = removed.until ? ` since ${removed.until}` : '';
  const instead = removed.replacement ? ` Use ${removed.replacement}.` : '';
  const note = removed.note ? ` (${removed.note})` : '';
  return {
    span: setting.key,
    weight: 'error',
    rule: 'removed-key',
    key: setting.path,
    text: `${framework.name} ${catalogue.version} has no "${setting.path}" any more${since}${note}.${instead}`,
    fixes: useful ? rename(setting, replacement) : removal(`Remove ${setting.path}`, setting),
  };
}

function remarks(setting: Setting, parameter: Parameter, { framework, catalogue }: Judged): Finding[] {
  const base = { span: setting.key, key: parameter.path };
  if (parameter.inert !== undefined) {
    const { replacement } = parameter;
    const text = `${parameter.path} has no effect in ${framework.name} ${catalogue.version}: ${parameter.inert}.`;
    const fixes = replacement && !replacement.includes('*') ? rename(setting, replacement) : [];
    return [
      {
        ...base,
        weight: 'warning',
        rule: 'inert-key',
        text: replacement ? `${text} Use ${replacement}.` : text,
        fixes,
      },
    ];
  }
  if (parameter.auto) {
    return [
      {
        ...base,
        weight: 'warning',
        rule: 'inert-key',
        text: `${parameter.path} is overwritten by ${framework.name} when it starts.`,
      },
    ];
  }
  if (parameter.deprecated === undefined) return [];
  const next = typeof parameter.deprecated === 'string' ? parameter.deprecated : undefined;
  const text = `${parameter.path} is deprecated.${next ? ` Use ${next}.` : ''}`;
  return [{ ...base, weight: 'warning', rule: 'deprecated-key', text, fixes: next ? rename(setting, next) : [] }];
}

function valueFindings(setting: Setting, parameter: Parameter, { sheet, framework }: Judged): Finding[] {
  const written = sheet.dialect === 'flags' ? 'words' : sheet.dialect === 'call' ? 'values' : framework.reads;
  const span = setting.valueSpan ?? setting.key;
  if (sheet.dialect === 'flags' && setting.value === undefined && !setting.valueSpan) return bare(setting, parameter);
  const wrong = misfit(setting, parameter, written);
  if (wrong === undefined) return outOfRange(setting, parameter);
  const given = show(setting.value);
  if (wrong === 'bad-type') {
    const text = `${parameter.path} wants ${wants(parameter.type)} (${parameter.type.text}), not ${given}.`;
    const weight = sheet.dialect === 'call' ? 'warning' : 'error';
    return [{ span, weight, rule: 'bad-type', key: parameter.path, text }];
  }
  const choices = (parameter.choices ?? []).filter((choice) => choice !== null).map(String);
  const near = typeof setting.value === 'string' ? nearest(setting.value, choices) : [];
  const replace =
    setting.variable === undefined && setting.valueSpan
      ? [...near, ...(near.length === 0 ? choices.slice(0, 4) : [])]
      : [];
  return [
    {
      span,
      weight: parameter.late ? 'warning' : 'error',
      rule: parameter.rule ?? 'bad-choice',
      key: parameter.path,
      text: `${framework.name} takes ${showChoices(choices)} as ${parameter.path}, not ${given}.`,
      fixes: replace.map((text) => ({ title: `Change to ${text}`, changes: [{ span, text }] })),
    },
  ];
}

/** A flag without a value is true for a boolean, an empty list for a list, and an error for the rest. */
function bare(setting: Setting, { path, type }: Parameter): Finding[] {
  if (type.kind === 'bool' || type.kind === 'any') return [];
  const text = `--${path} needs a value: ${wants(type)} (${type.text}).`;
  return [{ span: setting.key, weight: 'error', rule: 'bad-type', key: path, text }];
}

/** A command's last word wins; a Python call and OmegaConf's files refuse to say a thing twice. */
function duplicates({ sheet, framework }: Judged): Finding[] {
  const refuses = sheet.dialect === 'call' || (sheet.dialect === 'yaml' && framework.reads === 'types');
  const last = new Map<string, Setting>();
  const findings: Finding[] = [];
  for (const setting of sheet.settings) {
    const before = last.get(setting.path);
    last.set(setting.path, setting);
    if (before === undefined || setting.path === '') continue;
    const wins = setting.text === undefined || setting.section ? 'the later one' : `the later one, ${setting.text},`;
    const text = `${before.path} is set again below: ${refuses ? `${framework.name} stops at this` : `${wins} wins`}.`;
    const fixes = removal('Remove this one', before);
    const weight = refuses ? 'error' : 'warning';
    findings.push({ span: before.key, weight, rule: 'duplicate-key', key: before.path, text, fixes });
  }
  return findings;
}

const PLACEHOLDER =
  /^\/?path\/to\/|^\/your\/|<your[^>]*>|your[_-](wandb[_-])?(api[_-])?(key|token)|^(sk-)?x{4,}$|^\[?your[ _-]\w+/i;

/** What every placeholder holds: a quick look before the long one. */
const MAYBE = /path|your|x{4}/i;

function placeholders({ settings, environment }: Sheet): Finding[] {
  const findings: Finding[] = [];
  const look = (key: string, text: string | undefined, span: Span | undefined): void => {
    if (text === undefined || !span || !MAYBE.test(text) || !PLACEHOLDER.test(text)) return;
    findings.push({
      span,
      weight: 'warning',
      rule: 'placeholder',
      key,
      text: `${key} is still a placeholder: ${text}.`,
    });
  };
  for (const { path, text, valueSpan } of settings) look(path, text, valueSpan);
  for (const { name, text, valueSpan } of environment) look(name, text, valueSpan);
  return findings;
}
