import { parsed } from '../../base/json';

/** How a recipe writes its records, with the words that people know the forms by. */
export const RECIPE_FORMS: Readonly<Record<string, string>> = {
  messages: 'messages, images, solution',
  'prompt-answer': 'prompt, answer, images',
  'prompt-columns': 'prompt as messages, and columns',
  'reward-model': 'data_source, prompt, reward_model (parquet)',
  conversations: 'conversations of human and gpt',
};

/** One kind of annotation as the form shows it: texts only. */
export interface RecipePart {
  readonly read: string;
  readonly each: string;
  readonly prompt: string;
  readonly system: string;
  readonly solution: string;
  /** Separated by line breaks. */
  readonly images: string;
  readonly videos: string;
  /** `name = value`, one a line. */
  readonly columns: string;
}

/** A recipe's file as the form shows it. */
export interface RecipeForm {
  readonly data_root: string;
  readonly output: string;
  readonly write: string;
  readonly parts: readonly RecipePart[];
}

export const EMPTY_PART: RecipePart = {
  read: '*/data.json',
  each: '',
  prompt: '{question}',
  system: '',
  solution: '{answer}',
  images: '{image}',
  videos: '',
  columns: '',
};

/** A new recipe. */
export const EMPTY_RECIPE: RecipeForm = {
  data_root: '',
  output: 'train.jsonl',
  write: 'messages',
  parts: [EMPTY_PART],
};

type Raw = Readonly<Record<string, unknown>>;

/** The form of a recipe's text; a sentence where it is none. What the form does not show stays in the text. */
export function formOfRecipe(text: string): RecipeForm | string {
  let recipe: unknown;
  try {
    recipe = JSON.parse(text);
  } catch (error) {
    return `It is no JSON: ${error instanceof Error ? error.message : String(error)}.`;
  }
  const parts = isRaw(recipe) ? recipe['parts'] : undefined;
  if (!isRaw(recipe) || !Array.isArray(parts)) return 'It has no “parts”.';
  return {
    data_root: textOf(recipe['data_root']),
    output: textOf(recipe['output']),
    write: textOf(recipe['write']) === '' ? 'messages' : textOf(recipe['write']),
    parts: parts.filter(isRaw).map(partOf),
  };
}

function partOf(part: Raw): RecipePart {
  const columns = isRaw(part['columns']) ? Object.entries(part['columns']) : [];
  return {
    read: textOf(part['read']),
    each: textOf(part['each']),
    prompt: textOf(part['prompt']),
    system: textOf(part['system']),
    solution: textOf(part['solution']),
    images: linesOf(part['images']),
    videos: linesOf(part['videos']),
    columns: columns.map(([name, value]) => `${name} = ${textOf(value)}`).join('\n'),
  };
}

/** The recipe's text with what the form says; other keys (`choices`, `where`, `hold_out`) are kept from `before`. */
export function recipeText(form: RecipeForm, before: string): string {
  const found = parsed(before);
  const old = isRaw(found) ? found : {};
  const oldParts = Array.isArray(old['parts']) ? (old['parts'] as unknown[]) : [];
  const parts = form.parts.map((part, at) => {
    const kept = oldParts[at];
    return rawPart(part, isRaw(kept) ? kept : {});
  });
  const { data_root, output, write } = form;
  const given = some({ data_root, output, write });
  const others = Object.fromEntries(Object.entries(old).filter(([key]) => !(key in EMPTY_RECIPE)));
  return `${JSON.stringify({ form: 1, ...others, ...given, parts }, null, 2)}\n`;
}

function rawPart(part: RecipePart, before: Raw): Raw {
  const others = Object.fromEntries(Object.entries(before).filter(([key]) => !(key in EMPTY_PART)));
  const lists = { images: listed(part.images), videos: listed(part.videos) };
  const old = isRaw(before['columns']) ? before['columns'] : {};
  const named = Object.fromEntries(pairs(part.columns).map(([name, value]) => [name, kept(old[name], value)]));
  return {
    ...some({ read: part.read, each: part.each, prompt: part.prompt, system: part.system, solution: part.solution }),
    ...Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)),
    ...(Object.keys(named).length > 0 ? { columns: named } : {}),
    ...others,
  };
}

/** A value that the form has only shown keeps its type. */
function kept(before: unknown, text: string): unknown {
  return before !== undefined && textOf(before) === text ? before : text;
}

function pairs(text: string): readonly (readonly [string, string])[] {
  return listed(text).flatMap((line) => {
    const at = line.indexOf('=');
    return at > 0 ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const] : [];
  });
}

function listed(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function linesOf(value: unknown): string {
  return Array.isArray(value) ? value.map(textOf).join('\n') : textOf(value);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function some(values: Readonly<Record<string, string>>): Raw {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

function isRaw(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
