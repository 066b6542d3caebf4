import { Problem } from '../../src/domain/problem';

/** What is said to the user of a call that failed. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The user thought better of it, or a newer call took its place: nothing is said. */
export function isCancelled(error: unknown): boolean {
  return error instanceof Problem && error.code === 'cancelled';
}
