import { useEffect, useState } from 'preact/hooks';

/** The colours and the font that a drawing needs, as the editor's theme has them now. */
export interface Theme {
  readonly text: string;
  readonly quiet: string;
  readonly grid: string;
  readonly background: string;
  readonly error: string;
  readonly font: string;
  readonly lines: readonly string[];
}

/** Orange is none of them: VS Code's is translucent in its own themes, and absent in those of high contrast. */
const LINES = ['blue', 'yellow', 'green', 'purple', 'red'];

/** A thin shade of the text's colour: visible in every theme, loud in none. */
function mixed(text: string): string {
  return `color-mix(in srgb, ${text} 22%, transparent)`;
}

function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string, standard: string): string =>
    style.getPropertyValue(`--vscode-${name}`).trim() || standard;
  const text = read('foreground', '#888888');
  return {
    text,
    quiet: read('descriptionForeground', text),
    grid: mixed(text),
    background: read('editor-background', 'transparent'),
    error: read('errorForeground', '#f14c4c'),
    font: read('font-family', 'sans-serif'),
    lines: LINES.map((colour) => read(`charts-${colour}`, text)),
  };
}

/** The theme as it is now; a component that uses it is drawn again when the user chooses another. */
export function useTheme(): Theme {
  const [theme, setTheme] = useState(readTheme);
  useEffect(() => onTheme(() => setTheme((old) => fresh(old, readTheme()))), []);
  return theme;
}

function fresh(old: Theme, now: Theme): Theme {
  return JSON.stringify(old) === JSON.stringify(now) ? old : now;
}

function onTheme(changed: () => void): () => void {
  const watching = new MutationObserver(changed);
  watching.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  watching.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
  return () => watching.disconnect();
}
