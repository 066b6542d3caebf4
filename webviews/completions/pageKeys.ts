import type { CompletionsPanel } from '../../src/wire/completionsPanel';
import type { Called } from '../../src/wire/wire';
import type { Key } from './keys';
import type { Place } from './main';

interface Page {
  readonly editor: Called<CompletionsPanel>;
  /** The row that is looked at. */
  readonly row: number | undefined;
  readonly place: Place;
  readonly move: (change: Partial<Place>) => void;
  readonly onHelp: () => void;
}

/** What the page's letters do. */
export function keysOf({ editor, row, place, move, onHelp }: Page): Key[] {
  const { reading } = place;
  const hand = (ask: 'why' | 'testCase' | 'link' | 'against') => (): void => {
    if (row !== undefined) void editor.ask(ask, { row });
  };
  return [
    { key: '/', does: 'write in the query line', run: () => query()?.focus() },
    {
      key: 'a',
      does: 'texts as they are written, parts set apart',
      run: () => move({ reading: { ...reading, mode: 'apart' } }),
    },
    { key: 'm', does: 'Markdown and maths', run: () => move({ reading: { ...reading, mode: 'markdown' } }) },
    { key: 'r', does: 'raw text', run: () => move({ reading: { ...reading, mode: 'raw' } }) },
    { key: 's', does: 'special tokens', run: () => move({ reading: { ...reading, special: !reading.special } }) },
    { key: 'd', does: 'best against worst', run: () => move({ diff: !place.diff }) },
    { key: 'o', does: 'curves over the steps', run: () => move({ curves: !place.curves }) },
    { key: 'h', does: 'how the rows are spread', run: () => move({ spread: !place.spread }) },
    { key: 'w', does: 'why this reward', run: hand('why') },
    { key: 't', does: 'copy as test case', run: hand('testCase') },
    { key: 'c', does: 'set against another completion', run: hand('against') },
    { key: 'y', does: 'copy a link to the row', run: hand('link') },
    { key: '?', does: 'these keys', run: onHelp },
  ];
}

function query(): HTMLElement | null {
  return document.querySelector<HTMLElement>('.query vscode-text-field');
}
