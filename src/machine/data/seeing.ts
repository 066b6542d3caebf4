import { dirname, isAbsolute, join } from 'node:path';
import type { DataForm, DataRecord } from '../../domain/dataset';
import { view, type ModelKnown, type Seen } from '../../domain/dataset/view';
import { seeingBy, seeingOf, type Seeing } from '../../domain/frameworks/seeing';
import { Problem } from '../../domain/problem';
import { render } from '../../domain/template';
import { fileReader, readSettings } from '../lint';
import { lookedAt } from './looking';
import { modelFolder, modelKnown } from './modelFiles';
import { sourceText } from './preview';

/** Through whose eyes a data set is looked at: a model, and a configuration that trains it, or either. */
export interface ViewWish {
  /** A folder, or an id in a cache of this machine; by default what the configuration names. */
  readonly model?: string;
  readonly config?: string;
  /** Tokens a prompt may have, in the place of the configuration's. */
  readonly limit?: number;
  readonly mediaFolder?: string;
}

/** A model, a framework and its settings, through which records can be seen. */
export interface Viewer {
  readonly model: string;
  readonly known: ModelKnown;
  readonly seeing: Seeing;
  see(record: DataRecord): Promise<Seen>;
}

/** Errors: `missing` and `bad-input`, of the model's files and of the configuration. */
export async function viewerOf(file: string, form: DataForm | undefined, wish: ViewWish): Promise<Viewer> {
  const told = wish.config === undefined ? seeingBy(form?.id ?? 'own') : await configured(wish.config);
  const seeing = wish.limit === undefined ? told : limited(told, wish.limit);
  const name = wish.model ?? seeing.model;
  if (name === undefined) {
    const message = `${wish.config ?? 'Nothing'} names no model: say which one, as a folder or as an id of one that was downloaded.`;
    throw new Problem({ code: 'bad-input', message });
  }
  const model = modelFolder(name, wish.model === undefined ? dirname(wish.config ?? '.') : '.');
  const known = await modelKnown(model);
  const wrap = await wrapperOf(seeing, wish.config);
  const folder = wish.mediaFolder ?? dirname(file);
  return {
    model: name,
    known,
    seeing,
    see: async (record) => view(wrap(record), known, seeing, await lookedAt(record, folder)),
  };
}

async function configured(config: string): Promise<Seeing> {
  const { judged } = await readSettings(config);
  const around = { file: fileReader(config) };
  const all = judged.map((one) => seeingOf(one, around));
  const found = all.find(({ model }) => model !== undefined) ?? all[0];
  if (found) return found;
  const message = `${config} holds no settings of a framework that is known, so it does not tell how prompts are made.`;
  throw new Problem({ code: 'bad-input', message });
}

function limited(seeing: Seeing, limit: number): Seeing {
  return { ...seeing, overlong: (withMedia) => ({ ...seeing.overlong(withMedia), limit }) };
}

/** The question inside of the configuration's template, where it has one. */
async function wrapperOf(seeing: Seeing, config: string | undefined): Promise<(record: DataRecord) => DataRecord> {
  const { wrapper } = seeing;
  if (wrapper === undefined) return (record) => record;
  const read = config === undefined ? undefined : fileReader(config);
  const near = isAbsolute(wrapper) ? wrapper : join(dirname(config ?? '.'), wrapper);
  const template = read?.(wrapper) ?? above(read, wrapper) ?? (await sourceText(near));
  return (record) => {
    const messages = record.messages.map((message) => {
      const filled = render(template.trim(), { values: { content: message.content } });
      if ('why' in filled)
        throw new Problem({ code: 'bad-input', message: `${wrapper} cannot be filled: ${filled.why}` });
      return { ...message, content: filled.text };
    });
    return { ...record, messages };
  };
}

/** A configuration's folder is often one below where it is started. */
function above(read: ((path: string) => string | undefined) | undefined, path: string): string | undefined {
  return ['..', '../..', '../../..'].map((up) => read?.(join(up, path))).find((text) => text !== undefined);
}
