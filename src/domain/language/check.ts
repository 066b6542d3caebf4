import type { Finding, Fix, Span } from '../finding';
import type { Surroundings } from '../frameworks/framework';
import type { Parameter, Removed } from '../parameter';
import type { Setting, Sheet } from '../sheet';
import { misfit, wants } from './fits';
import { nearest } from './near';
import { resolve, type Judged } from './resolve';
import { show, showChoices } from './show';

/** Everything worth saying about a sheet: its keys and values by themselves, then the rules between them. */
export function check(judged: Judged, around: Surroundings): Finding[] {
  const { sheet, framework, catalogue } = judged;
  if (framework.judges(sheet) === 'none') return [...sheet.findings];
  return [
    ...sheet.findings,
    ...sheet.settings.flatMap((setting) => checkSetting(setting, judged)),
    ...duplicates(sheet),
    ...placeholders(sheet),
    ...framework.rules(sheet, catalogue, around),
  ];
}

function checkSetting(setting: Setting, judged: Judged): Finding[] {
  if (setting.path === '') return [];
  const own = judged.framework.key?.(setting, judged.sheet, judged.catalogue);
  if (own) return own;
  const resolved = resolve(setting.path, judged);
  if (resolved.kind === 'ambiguous') return [ambiguous(setting, resolved.flags)];
  if (resolved.kind === 'unknown') return unknownKey(setting, judged);
  const { parameter } = resolved;
  return [...remarks(setting, parameter, judged), ...valueFindings(setting, parameter, judged)];
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
    fixes: flags.slice(0, 4).map((flag) => rename(setting, flag)),
  };
}

const FIXED_PREFIX = /^--?/;

/** Replaces the name in a key, its dashes kept. */
function rename(setting: Setting, name: string): Fix {
  const dashes = setting.key.end - setting.key.start - setting.path.length;
  const start = setting.key.start + (dashes > 0 && dashes <= 2 ? dashes : 0);
  return {
    title: `Change to ${name}`,
    changes: [{ span: { start, end: setting.key.end }, text: name.replace(FIXED_PREFIX, '') }],
  };
}

function unknownKey(setting: Setting, judged: Judged): Finding[] {
  const { catalogue, framework } = judged;
  const removed = catalogue.removed.find((one) => one.path === setting.path);
  if (removed) return [removedKey(setting, removed, judged)];
  if (framework.judges(judged.sheet) === 'known') return [];
  const near = nearest(
    setting.path,
    catalogue.parameters.map(({ path }) => path),
  );
  const [best] = near;
  return [
    {
      span: setting.key,
      weight: 'error',
      rule: 'unknown-key',
      key: setting.path,
      text: `${framework.name} ${catalogue.version} has no "${setting.path}".${best ? ` Did you mean "${best}"?` : ''}`,
      fixes: near.map((name) => rename(setting, name)),
    },
  ];
}

/** What takes a setting out of its text: the line and its continuation where it stands alone on it. */
export function removal(setting: Setting): Span {
  return { start: setting.key.start, end: setting.valueSpan?.end ?? setting.key.end };
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
    fixes: useful
      ? [rename(setting, replacement)]
      : [{ title: `Remove ${setting.path}`, changes: [{ span: removal(setting), text: '' }] }],
  };
}

function remarks(setting: Setting, parameter: Parameter, { framework, catalogue }: Judged): Finding[] {
  const base = { span: setting.key, key: parameter.path };
  if (parameter.inert !== undefined) {
    const { replacement } = parameter;
    const text = `${parameter.path} has no effect in ${framework.name} ${catalogue.version}: ${parameter.inert}.`;
    const fixes = replacement && !replacement.includes('*') ? [rename(setting, replacement)] : [];
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
  return [{ ...base, weight: 'warning', rule: 'deprecated-key', text, fixes: next ? [rename(setting, next)] : [] }];
}

function valueFindings(setting: Setting, parameter: Parameter, { sheet, framework }: Judged): Finding[] {
  const written = sheet.dialect === 'flags' ? 'text' : 'typed';
  const span = setting.valueSpan ?? setting.key;
  if (sheet.dialect === 'flags' && setting.value === undefined && !setting.valueSpan) return bare(setting, parameter);
  const wrong = misfit(setting, parameter, written);
  if (wrong === undefined) return [];
  const given = show(setting.value);
  if (wrong === 'bad-type') {
    const text = `${parameter.path} wants ${wants(parameter.type)} (${parameter.type.text}), not ${given}.`;
    return [{ span, weight: 'error', rule: 'bad-type', key: parameter.path, text }];
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
      weight: 'error',
      rule: 'bad-choice',
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

function duplicates(sheet: Sheet): Finding[] {
  const last = new Map<string, Setting>();
  const findings: Finding[] = [];
  for (const setting of sheet.settings) {
    const before = last.get(setting.path);
    last.set(setting.path, setting);
    if (before === undefined || setting.path === '' || sheet.dialect === 'yaml') continue;
    const wins = setting.text === undefined ? 'the later one' : `the later one, ${setting.text},`;
    const text = `${before.path} is set again below: ${wins} wins.`;
    const fix = { title: 'Remove this one', changes: [{ span: removal(before), text: '' }] };
    findings.push({ span: before.key, weight: 'warning', rule: 'duplicate-key', key: before.path, text, fixes: [fix] });
  }
  return findings;
}

const PLACEHOLDER =
  /^\/?path\/to\/|^\/your\/|<your[^>]*>|your[_-](wandb[_-])?(api[_-])?(key|token)|^(sk-)?x{4,}$|^\[?your[ _-]\w+/i;

function placeholders(sheet: Sheet): Finding[] {
  const texts = [
    ...sheet.settings.map(({ path, text, valueSpan }) => ({ name: path, text, span: valueSpan })),
    ...sheet.environment.map(({ name, text, valueSpan }) => ({ name, text, span: valueSpan })),
  ];
  return texts.flatMap(({ name, text, span }) =>
    text !== undefined && span && PLACEHOLDER.test(text)
      ? [
          {
            span,
            weight: 'warning' as const,
            rule: 'placeholder',
            key: name,
            text: `${name} is still a placeholder: ${text}.`,
          },
        ]
      : [],
  );
}
