import type { Wish } from './launch';
import { offlineFindings } from './offline';

const LANGUAGES = { sh: 'shellscript', bash: 'shellscript', py: 'python' } as const;

/** What in the texts of a start would not work on a host without a network: `train.sh:3: …`, one place each. */
export function goingOut({ inputs = [] }: Pick<Wish, 'inputs'>): readonly string[] {
  return inputs.flatMap(({ path, text }) => {
    const name = path.split(/[\\/]/).at(-1) ?? path;
    const language = LANGUAGES[(name.split('.').at(-1) ?? '') as keyof typeof LANGUAGES];
    if (!language) return [];
    return offlineFindings(text, language).map(
      ({ span, text: said }) => `${name}:${text.slice(0, span.start).split('\n').length}: ${said}`,
    );
  });
}
