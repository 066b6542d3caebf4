import { useCallback, useEffect, useState } from 'preact/hooks';
import type { CompletionsPanel, Kept } from '../../src/wire/completionsPanel';
import type { Called } from '../../src/wire/wire';

const NOTHING_KEPT: Kept = { layout: { widths: {}, hidden: [] }, queries: [] };

/** The user's columns and queries, which the editor keeps for every table. */
export function useKept(editor: Called<CompletionsPanel>): [Kept, (change: Partial<Kept>) => void] {
  const [kept, setKept] = useState(NOTHING_KEPT);
  useEffect(() => void editor.ask('kept', {}).then(setKept, () => undefined), [editor]);
  const keep = useCallback(
    (change: Partial<Kept>) =>
      setKept((old) => {
        const next = { ...old, ...change };
        editor.ask('keep', next).catch(() => undefined);
        return next;
      }),
    [editor],
  );
  return [kept, keep];
}
