import type { Sheet } from '../config/sheet';
import { call } from './call';
import type { Reader } from './dialect';
import { shell } from './shell';
import { yaml } from './yaml';

const FENCE = /^([ \t]*)(`{3,}|~{3,})[ \t]*([\w+-]*)[^\n]*\n([\s\S]*?)^[ \t]*\2`*~*[ \t]*$/gm;

const READERS: Readonly<Record<string, Reader>> = {
  bash: shell,
  sh: shell,
  shell: shell,
  shellscript: shell,
  zsh: shell,
  yaml: yaml,
  yml: yaml,
  python: call,
  py: call,
};

/**
 * Code blocks of Markdown. Each block is read behind as many line ends as there are characters before it: places stay.
 * An example shows what it is about and leaves out the rest: nothing is missing.
 */
export const markdown: Reader = {
  languages: ['markdown'],
  read(text, grammars, tick) {
    return [...text.matchAll(FENCE)].flatMap((found): Sheet[] => {
      const [whole, , , language = '', body = ''] = found;
      const reader = READERS[language.toLowerCase()];
      if (!reader || body.trim() === '') return [];
      const start = found.index + whole.indexOf('\n') + 1;
      return reader
        .read('\n'.repeat(start) + body, grammars, tick)
        .map((sheet) => ({ ...sheet, findings: [], open: true }));
    });
  },
};
