import { quotedWords } from '../../base/words';
import type { FrameworkId } from '../frameworks/framework';
import { takesPaths } from '../frameworks/start';
import { withFlag, withOverride } from '../runs/resuming';

/** One setting that shall be another for the next run. */
export interface Override {
  readonly path: string;
  readonly value: string;
}

const PATH = /^(?:--|\+{1,2})?([A-Za-z_][\w.-]*)$/;

/**
 * Reads `learning_rate=2e-6 --beta 0.01 name="two words"`; a sentence where something is no setting with a value.
 */
export function readOverrides(text: string): readonly Override[] | { readonly wrong: string } {
  const words = quotedWords(text);
  const found: Override[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const equals = word.indexOf('=');
    const name = PATH.exec(equals < 0 ? word : word.slice(0, equals))?.[1];
    if (name === undefined) return { wrong: `"${word}" is no setting: write name=value.` };
    const value = equals < 0 ? words[++at] : word.slice(equals + 1);
    if (value === undefined || value === '') return { wrong: `${name} has no value: write ${name}=value.` };
    found.push({ path: word.startsWith('--') ? name.replaceAll('-', '_') : name, value });
  }
  return found;
}

/** The command with other settings, written as the framework takes them; in a script, where they stand in its text. */
export function overridden(
  framework: FrameworkId,
  command: readonly string[],
  overrides: readonly Override[],
): readonly string[] {
  const dotted = takesPaths(framework);
  return overrides.reduce<readonly string[]>(
    (changed, { path, value }) =>
      dotted || path.includes('.') ? withOverride(changed, path, value) : withFlag(changed, path, value),
    command,
  );
}
