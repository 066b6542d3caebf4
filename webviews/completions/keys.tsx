import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** A key of the page and what it does. */
export interface Key {
  readonly key: string;
  readonly does: string;
  readonly run: () => void;
}

/** Elements in which keys are letters. */
const WRITING = 'input, textarea, select, vscode-text-field, vscode-dropdown';

/** Calls what belongs to a key, wherever the focus is but in a field. */
export function useKeys(keys: readonly Key[]): void {
  const now = useRef(keys);
  now.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (event.target instanceof Element && event.target.closest(WRITING)) return;
      const found = now.current.find(({ key }) => key === event.key);
      if (!found) return;
      event.preventDefault();
      found.run();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}

const LIST: readonly (readonly [keys: string, does: string])[] = [
  ['↑ ↓ PgUp PgDn Home End', 'walk through the rows'],
  ['Enter', 'go to the group of the row'],
  ['Alt ← →, Del on a column', 'make it narrower or wider, hide it'],
];

/** All keys, over the page; any key or click puts it away. */
export function KeyMap({ keys, onClose }: { keys: readonly Key[]; onClose: () => void }): VNode {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus(), []);
  return (
    <div
      class="keymap"
      role="dialog"
      aria-label="Keys"
      tabIndex={-1}
      ref={box}
      onClick={onClose}
      onBlur={onClose}
      onKeyDown={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <dl>
        {[...LIST, ...keys.map(({ key, does }) => [key, does] as const)].map(([key, does]) => (
          <>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{does}</dd>
          </>
        ))}
      </dl>
    </div>
  );
}
