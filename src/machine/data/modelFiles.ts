import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { ChatFiles } from '../../domain/dataset/seen';
import type { ModelKnown } from '../../domain/dataset/view';
import { Problem } from '../../domain/problem';
import type { RawRecord } from '../../domain/rollouts/rollout';
import { differences } from '../../domain/dataset/templateDifferences';
import { visionOf } from '../../domain/dataset/visionFiles';
import { parsed } from '../../base/json';
import { unread } from '../unread';
import { tokensOf } from './tokens';

/**
 * The folder of a model: a folder itself, or an id in the cache of the Hugging Face hub or of ModelScope; nothing is
 * downloaded. Errors: `missing`, with where it was looked for.
 */
export function modelFolder(model: string, beside = '.', env: NodeJS.ProcessEnv = process.env): string {
  const path = model.startsWith('~/') ? join(homedir(), model.slice(2)) : resolve(beside, model);
  if (existsSync(path) && statSync(path).isDirectory()) return path;
  const cache = hubCache(env);
  const found = /^[\w.-]+\/[\w.-]+$/.test(model)
    ? snapshot(join(cache, `models--${model.replace('/', '--')}`))
    : undefined;
  const [scope] = [join(env['MODELSCOPE_CACHE'] ?? join(homedir(), '.cache', 'modelscope', 'hub'), 'models', model)];
  const there = found ?? (existsSync(join(scope, 'config.json')) ? scope : undefined);
  if (there !== undefined) return there;
  const message = `The model ${model} is not on this machine: it is no folder, and not in ${cache}. Download it, or name its folder.`;
  throw new Problem({ code: 'missing', message });
}

function hubCache(env: NodeJS.ProcessEnv): string {
  return env['HF_HUB_CACHE'] ?? join(env['HF_HOME'] ?? join(homedir(), '.cache', 'huggingface'), 'hub');
}

/** The newest snapshot of a repository in the hub's cache. */
function snapshot(repository: string): string | undefined {
  const folder = join(repository, 'snapshots');
  if (!existsSync(folder)) return undefined;
  const all = readdirSync(folder).map((name) => join(folder, name));
  return all.sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
}

/** What a model's folder tells of prompts; each file that is missing is named with what it would tell. */
export async function modelKnown(folder: string): Promise<ModelKnown> {
  const config = await jsonIn(join(folder, 'tokenizer_config.json'));
  const chat = await chatIn(folder, config ?? {});
  const vision = visionOf(...(await processorsIn(folder)));
  const tokens = await tokensOf(folder);
  const why = [
    ...(chat
      ? []
      : [
          `${folder} has no chat template: no chat_template.jinja, chat_template.json or tokenizer_config.json with one.`,
        ]),
    ...(typeof tokens === 'string' ? [tokens] : []),
    ...(typeof vision === 'string' ? [vision] : []),
  ];
  return {
    ...(chat ? { chat } : {}),
    ...(typeof vision === 'object' ? { vision } : {}),
    ...(typeof tokens === 'string' ? {} : { tokens }),
    missing: why,
    ...(chat ? { differs: differences(chat.template, { chat: true }) } : {}),
  };
}

/**
 * Settings for pictures and for films: in one file, as transformers 5 saves every checkpoint, before the two of older ones
 * (transformers/image_processing_base.py:get_image_processor_dict @ v5.23.0).
 */
async function processorsIn(folder: string): Promise<[RawRecord | undefined, RawRecord | undefined]> {
  const both = await jsonIn(join(folder, 'processor_config.json'));
  const picture = both?.['image_processor'] ?? (await jsonIn(join(folder, 'preprocessor_config.json')));
  const film = both?.['video_processor'] ?? (await jsonIn(join(folder, 'video_preprocessor_config.json')));
  return [picture as RawRecord | undefined, film as RawRecord | undefined];
}

/** The template that transformers takes: a file of its own before the tokenizer's settings. */
async function chatIn(folder: string, config: RawRecord): Promise<ChatFiles | undefined> {
  const own = await textIn(join(folder, 'chat_template.jinja'));
  const processor = (await jsonIn(join(folder, 'chat_template.json')))?.['chat_template'];
  const template = own ?? (typeof processor === 'string' ? processor : defaultOf(config['chat_template']));
  return template === undefined ? undefined : { template, tokens: specialTokens(config) };
}

/** Some models have several templates, by name. */
function defaultOf(templates: unknown): string | undefined {
  if (typeof templates === 'string') return templates;
  const named = Array.isArray(templates) ? (templates as readonly RawRecord[]) : [];
  const text = named.find(({ name }) => name === 'default')?.['template'];
  return typeof text === 'string' ? text : undefined;
}

function specialTokens(config: RawRecord): Readonly<Record<string, string>> {
  const names = ['bos_token', 'eos_token', 'pad_token', 'unk_token'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = config[name];
      const text = typeof value === 'object' && value !== null ? (value as RawRecord)['content'] : value;
      return typeof text === 'string' ? [[name, text]] : [];
    }),
  );
}

async function jsonIn(path: string): Promise<RawRecord | undefined> {
  const text = await textIn(path);
  if (text === undefined) return undefined;
  const value = parsed(text);
  if (typeof value === 'object' && value !== null) return value as RawRecord;
  throw new Problem({ code: 'bad-input', message: `${path} is no JSON object.` });
}

async function textIn(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return unread(error, path);
  }
}
