import { useCallback, useEffect, useState } from 'preact/hooks';
import type { CompletionsPanel, Kept } from '../../src/wire/completionsPanel';
import type { Called } from '../../src/wire/wire';

const NOTHING_KEPT: Kept = { layout: { widths: {}, hidden: [] }, queries: [] };

/**
 * The user's columns and queries, which the editor keeps for every table. Undefined until it has told them: what is
 * changed before that would be kept instead of them.
 */
export function useKept(editor: Called<CompletionsPanel>): [Kept | undefined, (change: Partial<Kept>) => void] {
  const [kept, setKept] = useState<Kept>();
  useEffect(() => void editor.ask('kept', {}).then(setKept, () => setKept(NOTHING_KEPT)), [editor]);
  const keep = useCallback(
    (change: Partial<Kept>) =>
      setKept((old) => {
        const next = { ...NOTHING_KEPT, ...old, ...change };
        editor.ask('keep', next).catch(() => undefined);
        return next;
      }),
    [editor],
  );
  return [kept, keep];
}
