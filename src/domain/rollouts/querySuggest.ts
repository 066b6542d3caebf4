import { STATISTICS, type QueryNames } from './query';

/** What could stand at the caret: `text` replaces [start, caret). */
export interface QuerySuggestion {
  readonly start: number;
  readonly text: string;
  readonly why: string;
}

const MOST = 12;

/** What could be written at the caret of a query line, the likeliest first. */
export function suggestQuery(query: string, caret: number, names: QueryNames): QuerySuggestion[] {
  const begun = /[^\s,]*$/.exec(query.slice(0, caret))?.[0] ?? '';
  const word = /\S*$/.exec(query.slice(0, caret))?.[0] ?? '';
  const start = caret - begun.length;
  if (/^-?flag:/.test(word)) return flags(word, caret, names);
  if (word.startsWith('sort:')) return sorts(begun.replace(/^sort:/, ''), caret, names);
  if (begun === '' && query.trim() !== '') return [];
  return words(names)
    .filter(({ text }) => text.startsWith(begun) && text !== begun)
    .slice(0, MOST)
    .map((each) => ({ ...each, start }));
}

type Word = Omit<QuerySuggestion, 'start'>;

function words({ numbers, texts }: QueryNames): Word[] {
  const plain = numbers.filter((name) => !STATISTICS.some((statistic) => name.endsWith(`.${statistic}`)));
  const grouped = numbers.filter((name) => !plain.includes(name));
  return [
    ...plain.map((name) => ({ text: `${name}=`, why: name === 'total' ? 'the sum of a row’s scores' : 'a number' })),
    { text: 'text~', why: 'the completion contains' },
    { text: 'prompt~', why: 'the prompt contains' },
    { text: 'flag:', why: 'a mark of the row' },
    { text: 'sort:', why: 'order; sort:-len is the longest first' },
    ...texts.map((name) => ({ text: `${name}~`, why: 'a column of text' })),
    ...grouped.map((name) => ({ text: `${name}=`, why: 'over the row’s group' })),
  ];
}

function flags(word: string, caret: number, names: QueryNames): QuerySuggestion[] {
  const begun = word.slice(word.indexOf(':') + 1);
  const fitting = names.flags.filter((flag) => flag.startsWith(begun) && flag !== begun);
  return fitting.map((text) => ({ start: caret - begun.length, text, why: 'a mark of the row' }));
}

function sorts(begun: string, caret: number, { numbers }: QueryNames): QuerySuggestion[] {
  const name = begun.replace(/^-/, '');
  const fitting = numbers.filter((column) => column.startsWith(name) && column !== name);
  return fitting.slice(0, MOST).map((text) => ({ start: caret - name.length, text, why: 'order by this column' }));
}
