import type { Finding } from '../config/finding';

/** What a language server for YAML says by itself: it is not said twice where one is at work. */
export function isSaidElsewhere({ rule, weight }: Finding, language: string, serverAtWork: boolean): boolean {
  if (!serverAtWork || language !== 'yaml') return false;
  return rule === 'syntax' || (rule === 'duplicate-key' && weight === 'error');
}
