import { parsed } from '../base/json';

const WRAPPED = /^(?:np\.\w+|tensor|array)\((.*?)(?:, .*)?\)$/;

/** A number as Python prints it, bare, quoted or wrapped (`np.float64(0.5)`); `None` is NaN; undefined for other text. */
export function numeral(text: string): number | undefined {
  const value = Number(text);
  if (!Number.isNaN(value) && text.trim() !== '') return value;
  switch (text) {
    case 'nan':
    case 'NaN':
    case '-nan':
    case 'None':
    case 'null':
      return NaN;
    case 'inf':
    case 'Infinity':
      return Infinity;
    case '-inf':
    case '-Infinity':
      return -Infinity;
    case 'True':
      return 1;
    case 'False':
      return 0;
  }
  const inner = WRAPPED.exec(text)?.[1];
  return inner === undefined ? undefined : numeral(inner);
}

/** The numbers of a JSON object by their path, joined with slashes; null is NaN, texts and lists are left out. */
export function flattened(value: object, prefix = ''): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [key, part] of Object.entries(value) as [string, unknown][]) {
    const path = prefix + key;
    if (typeof part === 'number') found[path] = part;
    else if (part === null || part === 'NaN') found[path] = NaN;
    else if (part === 'Infinity' || part === '-Infinity') found[path] = Number(part);
    else if (typeof part === 'object' && !Array.isArray(part)) Object.assign(found, flattened(part, `${path}/`));
  }
  return found;
}

const BARE = /([:[,]\s*)(-?Infinity|NaN)\b/g;

/** One line of JSON as an object; Python's bare `NaN` and `Infinity` become these words. */
export function jsonRow(line: string): Readonly<Record<string, unknown>> | undefined {
  const text = line.trim();
  if (!text.startsWith('{"') || !text.endsWith('}')) return undefined;
  const row = parsed(text) ?? parsed(text.replace(BARE, '$1"$2"'));
  return typeof row === 'object' && row !== null ? (row as Record<string, unknown>) : undefined;
}
