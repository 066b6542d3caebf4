import type { Span } from '../config/finding';
import type { Catalogue, Parameter } from '../config/parameter';
import { settingAt, type DialectId, type Setting } from '../config/sheet';
import type { Surroundings } from '../frameworks/framework';
import { factsOf } from './compose';
import { resolve, type Judged } from './resolve';
import { show } from './show';

export interface Hover {
  readonly span: Span;
  readonly markdown: string;
}

/** What is known of the key or the value at an offset; undefined where there is nothing to say. */
export function hover(judged: Judged, offset: number, around: Surroundings = {}): Hover | undefined {
  const setting = settingAt(judged.sheet, offset);
  if (!setting) return undefined;
  const resolved = resolve(setting.path, judged);
  const onKey = setting.key.start <= offset && offset <= setting.key.end;
  const span = onKey ? setting.key : (setting.valueSpan ?? setting.key);
  if (resolved.kind === 'parameter')
    return { span, markdown: describe(resolved.parameter, setting, { ...judged, around }) };
  const removed = judged.catalogue.removed.find(({ path }) => path === setting.path);
  if (!removed) return undefined;
  const lived = [removed.since && `since ${removed.since}`, removed.until && `gone in ${removed.until}`].filter(
    Boolean,
  );
  const lines = [
    `**${removed.path}** · removed`,
    lived.join(', '),
    removed.replacement && `Use \`${removed.replacement}\`.`,
    removed.note,
  ];
  return { span, markdown: lines.filter(Boolean).join('\n\n') };
}

function describe(parameter: Parameter, setting: Setting, judged: Judged & { readonly around: Surroundings }): string {
  const { framework, catalogue } = judged;
  const lines = [
    `**${parameter.path}** \`${parameter.type.text}\``,
    parameter.doc,
    values(parameter),
    standard(parameter),
    current(setting, judged.sheet.dialect),
    inForce(parameter, setting, judged),
    parameter.inert && `⚠ No effect: ${parameter.inert}.`,
    typeof parameter.deprecated === 'string' ? `Deprecated: use \`${parameter.deprecated}\`.` : undefined,
    parameter.note,
    [lived(parameter), `${framework.name} ${catalogue.version}`, sourceLink(parameter, catalogue)]
      .filter(Boolean)
      .join(' · '),
  ];
  return lines.filter((line) => line !== undefined && line !== '').join('\n\n');
}

function values({ choices, known, otherwise }: Parameter): string | undefined {
  const list = choices ?? known;
  if (!list || list.length === 0) return undefined;
  const shown = list.slice(0, 16).map((choice) => `\`${choice === null ? 'none' : String(choice)}\``);
  const more = list.length > 16 ? ` and ${list.length - 16} more` : '';
  return `One of ${shown.join(', ')}${more}${otherwise ? `, or ${otherwise}` : ''}.`;
}

function standard({ default: value, effective, changes }: Parameter): string | undefined {
  if (value === undefined && effective === undefined) return undefined;
  const becomes = effective === undefined ? '' : `, in effect ${effective}`;
  const before = changes?.at(-1);
  const was = before?.from === undefined ? '' : ` (${show(before.from)} before ${before.version})`;
  return `Default: \`${value === undefined ? 'none' : show(value)}\`${becomes}${was}.`;
}

function current({ variable, text, definition }: Setting, dialect: DialectId): string | undefined {
  if (variable === undefined) return undefined;
  const python = dialect === 'call';
  const name = python ? variable : `$${variable}`;
  if (text !== undefined) return `\`${name}\` gives \`${text}\` here.`;
  return python || definition || /^\W|^\d/.test(variable)
    ? `What \`${name}\` gives is known only when the script runs.`
    : `\`${name}\` is not set in this script.`;
}

/** What holds where that is not what stands here: a later word, a file or a conversion decides. */
function inForce(
  { path }: Parameter,
  setting: Setting,
  judged: Judged & { readonly around: Surroundings },
): string | undefined {
  const facts = factsOf(judged, judged.around);
  const value = facts.value(path);
  const given = facts.given(path);
  if (value === undefined || given === undefined || given === setting || given.text === setting.text) return undefined;
  return `In effect: \`${show(value)}\`, which is set further below.`;
}

function lived({ since, until }: Parameter): string {
  return [since && `since ${since}`, until && `until ${until}`].filter(Boolean).join(', ');
}

function sourceLink({ source }: Parameter, { repository, commit, folder }: Catalogue): string | undefined {
  if (source === undefined) return undefined;
  if (folder !== undefined && source.startsWith(folder))
    return `\`${folder.split('/').pop()}${source.slice(folder.length)}\` installed`;
  const [, path, line] = /^([\w./-]+\.(?:py|yaml)):(\d+)/.exec(source) ?? [];
  if (path === undefined || commit === undefined) return `\`${source}\``;
  return `[${source}](https://github.com/${repository}/blob/${commit}/${path}#L${line})`;
}
