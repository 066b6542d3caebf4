import type { Span } from '../config/finding';
import type { Facts } from '../frameworks/facts';
import type { EnvironmentSetting, Setting, Sheet } from '../config/sheet';
import { isSecret } from '../secret';
import { resolve, type Judged } from './resolve';
import { show } from './show';

/** Said beside a setting whose value is not the last word, or that overrules another place. */
export interface Winner {
  /** The end of what was written. */
  readonly at: number;
  readonly text: string;
}

/** Where a later word, a file, an override or the environment decides something else than what stands here. */
export function winners(judged: Judged, facts: Facts): Winner[] {
  return [...overruled(judged), ...overrules(judged, facts), ...environment(judged.sheet)];
}

const endOf = ({ key, valueSpan }: { readonly key: Span; readonly valueSpan?: Span }): number =>
  Math.max(key.end, valueSpan?.end ?? 0);

function nameOf(setting: Setting, judged: Judged): string {
  const resolved = resolve(setting.path, judged);
  return resolved.kind === 'parameter' ? resolved.parameter.path : setting.path;
}

/** Settings that the same text sets again below. */
function overruled(judged: Judged): Winner[] {
  const last = new Map<string, Setting>();
  const own = judged.sheet.settings.filter(({ section, path }) => !section && path !== '');
  for (const setting of own) last.set(nameOf(setting, judged), setting);
  return own.flatMap((setting) => {
    const wins = last.get(nameOf(setting, judged));
    if (!wins || wins === setting || wins.text === setting.text) return [];
    return [{ at: endOf(setting), text: `↓ ${shown(wins.path, wins.text)} wins` }];
  });
}

/** Settings that say something else than a file that the text names. */
function overrules({ sheet, framework }: Judged, facts: Facts): Winner[] {
  if (framework.files(sheet).length === 0) return [];
  return sheet.settings.flatMap((setting) => {
    const before = facts.inFile(setting.path);
    if (setting.section || before === undefined || before.text === undefined || before.text === setting.text) return [];
    return [{ at: endOf(setting), text: `over ${shown(setting.path, before.text)} in the file` }];
  });
}

/** Variables that were exported before and are set again in front of the command. */
function environment({ environment: all }: Sheet): Winner[] {
  return all.flatMap((one, at) => {
    const later = all.slice(at + 1).findLast(({ name }) => name === one.name);
    return later && later.text !== one.text ? [{ at: endOf(one), text: `↓ ${value(later)} wins` }] : [];
  });
}

function value({ name, text }: EnvironmentSetting): string {
  return shown(name, text);
}

const MOST = 40;

function shown(name: string, text: string | undefined): string {
  if (text === undefined) return 'a later value';
  return isSecret(name, text) ? '…' : show(text).replace(/^"|"$/g, '').slice(0, MOST);
}
