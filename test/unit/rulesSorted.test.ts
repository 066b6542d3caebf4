import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { frameworks } from '../../src/domain/frameworks/which';

/**
 * Every constraint that was found in the frameworks' sources, and what became of it: `rule` (a rule of ours has this id),
 * `check: ID` (a general check says it), `shown: WHERE`, `run: WHAT` (only a run knows), `nothing: WHY`.
 */
const sorted = JSON.parse(readFileSync(new URL('./rules/sorted.json', import.meta.url), 'utf8')) as Record<
  string,
  string
>;

const rules = new Set(
  frameworks.flatMap(({ rules: own, catalogue }) => [
    ...own.map(({ id }) => id),
    ...catalogue.parameters.flatMap(({ rule }) => rule ?? []),
  ]),
);
const CHECKS = /^(unknown-key|deprecated-key|inert-key|bad-type)$/;

describe('the constraints of the frameworks are sorted', () => {
  it('all 243 are in the table', () => expect(Object.keys(sorted)).toHaveLength(243));

  it.each(Object.entries(sorted))('%s: %s', (id, what) => {
    const [kind = '', why = ''] = what.split(': ');
    if (kind === 'rule') expect(rules).toContain(id);
    else if (kind === 'check') expect(CHECKS.test(why) || rules.has(why)).toBe(true);
    else {
      expect(['run', 'shown', 'nothing']).toContain(kind);
      expect(why.length).toBeGreaterThan(10);
    }
  });
});
