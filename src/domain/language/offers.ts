import type { Span } from '../config/finding';
import type { NamedBy, Registered } from '../frameworks/registered';
import { namedBy } from '../frameworks/registered';
import { variables } from '../frameworks/environment';
import type { Slot } from '../config/sheet';
import { resolve, type Judged } from './resolve';
import type { Suggestion } from './suggest';

/** A Python file of the workspace with what it registers; `path` as a script beside the document would write it. */
export interface WorkspaceFile {
  readonly path: string;
  readonly registered: readonly Registered[];
}

/** What the workspace can tell: its Python files, and what lies in a folder. */
export interface Workspace {
  readonly files: readonly WorkspaceFile[];
  /** Names in a folder, folders with a slash behind; undefined where it is none. */
  readonly folder: (path: string) => readonly string[] | undefined;
  /** Ids of models and data sets that were downloaded before. */
  readonly downloaded: readonly string[];
}

interface Offer {
  readonly value: string;
  readonly detail: string;
}

type ValueSlot = Extract<Slot, { kind: 'value' }>;

/** Values that are the user's own: registered names, functions, files and folders. */
export function offers(slot: Slot, judged: Judged, workspace: Workspace): Suggestion[] {
  if (slot.kind !== 'value') return [];
  const resolved = resolve(slot.setting.path, judged);
  const path = resolved.kind === 'parameter' ? resolved.parameter.path : slot.setting.path;
  if (resolved.kind === 'parameter' && !['str', 'list', 'any'].includes(resolved.parameter.type.kind)) return [];
  const found = namedBy(judged.framework.id, path).flatMap((by) => offered(by, slot, workspace));
  return found.map((offer, at) => suggestion(offer, slot, at));
}

function offered(by: NamedBy, slot: ValueSlot, { files, folder, downloaded }: Workspace): Offer[] {
  const each = (kind: Registered['kind'], value: (file: WorkspaceFile, name: string) => string): Offer[] =>
    files.flatMap((file) =>
      file.registered
        .filter((one) => one.kind === kind && !one.name.startsWith('_'))
        .map(({ name }) => ({ value: value(file, name), detail: file.path })),
    );
  if (by === 'reward' || by === 'dataset' || by === 'function') return each(by, (_, name) => name);
  if (by === 'file:function') return each('function', ({ path }, name) => `${path}:${name}`);
  if (by === 'module.function')
    return each('function', ({ path }, name) => `${path.replace(/\.py$/, '').replaceAll('/', '.')}.${name}`);
  if (by === 'file') return files.map(({ path }) => ({ value: path, detail: '' }));
  const typed = unquoted(slot.typed);
  const base = typed.slice(0, typed.lastIndexOf('/') + 1);
  const below = (folder(base === '' ? '.' : base) ?? []).map((name) => ({ value: `${base}${name}`, detail: '' }));
  const ids = base === '' || !/^[./~]/.test(typed) ? downloaded.map((id) => ({ value: id, detail: 'downloaded' })) : [];
  return [...below, ...ids];
}

const unquoted = (text: string): string => text.replace(/^['"]|['"]$/g, '');

function suggestion({ value, detail }: Offer, { span, sheet, typed }: ValueSlot, at: number): Suggestion {
  const quoted = sheet.dialect === 'call' && !/^['"]/.test(typed);
  const inner = /^['"]/.test(typed) ? { start: span.start + 1, end: span.end - (/.['"]$/.test(typed) ? 1 : 0) } : span;
  const insert = quoted ? `'${value}'` : value;
  return {
    label: value,
    insert,
    span: inner,
    kind: 'value',
    detail,
    doc: '',
    order: `1${String(at).padStart(5, '0')}`,
  };
}

const START = /(^|[;&|(]|\bexport|\benv)[ \t]*((?:[A-Za-z_]\w*=\S*[ \t]+)*)([A-Z_][A-Z0-9_]*|)$/;
const VALUE = /(?:^|\s)([A-Z_][A-Z0-9_]*)=(['"]?)([^'"\s]*)$/;

/** Environment variables where one is being written: at the start of a command of a shell script, and their values. */
export function variableOffers(text: string, offset: number): Suggestion[] {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const value = VALUE.exec(line);
  if (value) {
    const known = variables.find(({ name }) => name === value[1]);
    const span = { start: offset - (value[3]?.length ?? 0), end: offset };
    return (known?.values ?? []).map((one, at) => plain(one, span, { at, doc: '', kind: 'value' }));
  }
  const typed = START.exec(line)?.[3];
  if (typed === undefined || line.trim() === '') return [];
  const span = { start: offset - typed.length, end: offset };
  return variables.map(({ name, doc }, at) => ({
    ...plain(`${name}`, span, { at, doc, kind: 'key' }),
    insert: `${name}=`,
  }));
}

interface Plain {
  readonly at: number;
  readonly doc: string;
  readonly kind: Suggestion['kind'];
}

function plain(label: string, span: Span, { at, doc, kind }: Plain): Suggestion {
  return { label, insert: label, span, kind, detail: '', doc, order: `2${String(at).padStart(4, '0')}` };
}
