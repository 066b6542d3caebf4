import { dirname, isAbsolute, join } from 'node:path';
import type { Grammars } from '../../domain/dialects/dialect';
import type { DataForm, DataRecord } from '../../domain/dataset/dataset';
import { view, type ModelKnown, type Seen } from '../../domain/dataset/view';
import { seeingBy, seeingOf, type Seeing } from '../../domain/frameworks/seeing';
import { Problem } from '../../domain/problem';
import { render } from '../../domain/dataset/template';
import { fileReader, readSettings } from '../config/lint';
import type { MediaPlace } from './brought';
import { lookedAt } from './looking';
import { modelFolder, modelKnown } from './modelFiles';
import { sourceText } from './preview';

/** Through whose eyes a data set is looked at: a model, and a configuration that trains it, or either. */
export interface ViewWish extends MediaPlace {
  /** A folder, or an id in a cache of this machine; by default what the configuration names. */
  readonly model?: string;
  readonly config?: string;
  /** For a configuration that is written in Python. */
  readonly grammars?: Grammars;
  /** Tokens a prompt may have, in the place of the configuration's. */
  readonly limit?: number;
}

/** A model, a framework and its settings, through which records can be seen. */
export interface Viewer {
  readonly model: string;
  readonly known: ModelKnown;
  readonly seeing: Seeing;
  /** The template that the training puts around every question. */
  readonly wrapper?: string;
  see(record: DataRecord): Promise<Seen>;
}

/** Errors: `missing` and `bad-input`, of the model's files and of the configuration. */
export async function viewerOf(file: string, form: DataForm | undefined, wish: ViewWish): Promise<Viewer> {
  const told = wish.config === undefined ? seeingBy(form?.id ?? 'own') : await configured(wish.config, wish.grammars);
  const seeing = wish.limit === undefined ? told : limited(told, wish.limit);
  const name = wish.model ?? seeing.model;
  if (name === undefined && wish.config === undefined) throw nothing();
  const known = await (wish.model === undefined ? knownBeside(name, wish.config) : modelKnown(modelFolder(wish.model)));
  const wrapper = await wrapperOf(seeing, wish.config);
  const folder = wish.mediaFolder ?? dirname(file);
  return {
    model: name ?? 'no model',
    known,
    seeing,
    ...(wrapper === undefined ? {} : { wrapper }),
    see: async (record) => view(wrapped(record, wrapper), known, seeing, await lookedAt(record, folder, wish.disk)),
  };
}

function nothing(): Problem {
  const message = 'No model is named: say which one, as a folder or as an id of one that was downloaded.';
  return new Problem({ code: 'bad-input', message });
}

/** A configuration may name a model that is only on the host where it trains: then its files are missing, no more. */
async function knownBeside(name: string | undefined, config = '.'): Promise<ModelKnown> {
  if (name === undefined)
    return { missing: [`${config} names no model: neither its chat template nor its tokens are known.`] };
  try {
    return await modelKnown(modelFolder(name, dirname(config)));
  } catch (error) {
    if (error instanceof Problem && error.code === 'missing') return { missing: [error.message] };
    throw error;
  }
}

async function configured(config: string, grammars: Grammars | undefined): Promise<Seeing> {
  const { judged } = await readSettings(config, grammars ? { grammars } : {});
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

/** The text of the configuration's template, where it names one. */
async function wrapperOf({ wrapper }: Seeing, config: string | undefined): Promise<string | undefined> {
  if (wrapper === undefined) return undefined;
  const read = config === undefined ? undefined : fileReader(config);
  const near = isAbsolute(wrapper) ? wrapper : join(dirname(config ?? '.'), wrapper);
  return (read?.(wrapper) ?? above(read, wrapper) ?? (await sourceText(near))).trim();
}

/** Every question inside of the template. */
function wrapped(record: DataRecord, template: string | undefined): DataRecord {
  if (template === undefined) return record;
  const messages = record.messages.map((message) => {
    const filled = render(template, { values: { content: message.content } });
    if ('text' in filled) return { ...message, content: filled.text };
    throw new Problem({ code: 'bad-input', message: `The prompt template cannot be filled: ${filled.why}` });
  });
  return { ...record, messages };
}

/** A configuration's folder is often one below where it is started. */
function above(read: ((path: string) => string | undefined) | undefined, path: string): string | undefined {
  return ['..', '../..', '../../..'].map((up) => read?.(join(up, path))).find((text) => text !== undefined);
}
