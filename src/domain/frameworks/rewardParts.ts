import type { Value } from '../config/parameter';
import type { Facts } from './facts';

/** A list's texts; undefined where one of them is not known. */
export function textsOf(list: readonly Value[] | undefined): string[] | undefined {
  return list?.every((one) => typeof one === 'string') ? (list as string[]) : undefined;
}

/** A list's numbers, also where they were read as words; undefined where one is none. */
export function numbersOf(list: readonly Value[] | undefined): number[] | undefined {
  const numbers = list?.map((one) => (one === null || one === '' ? NaN : Number(one)));
  return numbers?.every(Number.isFinite) ? numbers : undefined;
}

/** Everything that was written, with values that are known. */
export function settingsOf(facts: Facts): Record<string, Value> {
  const known = [...facts.written].flatMap(([path]) => {
    const value = facts.value(path);
    return value === undefined ? [] : [[path, value] as const];
  });
  return Object.fromEntries(known);
}

/** What stands below a key: `kwargs.a = 1` and `kwargs = {a: 1}` alike. */
export function below(facts: Facts, key: string): Record<string, Value> {
  const whole = facts.value(key);
  const parts = [...facts.written].flatMap(([path]) => {
    const value = path.startsWith(`${key}.`) ? facts.value(path) : undefined;
    return value === undefined ? [] : [[path.slice(key.length + 1), numeric(value)] as const];
  });
  const own = whole !== null && typeof whole === 'object' && !Array.isArray(whole) ? whole : {};
  return { ...(own as Record<string, Value>), ...Object.fromEntries(parts) };
}

/** A number that an override wrote as a word. */
function numeric(value: Value): Value {
  return typeof value === 'string' && /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(value) ? Number(value) : value;
}
