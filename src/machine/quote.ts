/**
 * One word for a POSIX shell, whatever is in it; the only place where shell text is made of a value.
 * A word of plain characters stays as it is. A NUL cannot stand in a word: it is left out.
 */
export function quote(word: string): string {
  const clean = word.replaceAll('\0', '');
  if (/^[A-Za-z0-9_@%+:,./-]+$/.test(clean) && !clean.startsWith('-')) return clean;
  return /^-[A-Za-z0-9_@%+:,./-]*$/.test(clean) ? clean : `'${clean.replaceAll("'", `'\\''`)}'`;
}

/** Words as one command line. */
export function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(' ');
}

/** A word whose end is the value of a variable, which is not written anywhere. */
export function quoteVariable(before: string, variable: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable)) throw new Error(`no name of a variable: ${variable}`);
  return `${before === '' ? '' : quote(before)}"$${variable}"`;
}

/** A folder; a leading `~` is the home of whoever runs the shell. */
export function quoteFolder(path: string): string {
  if (path === '' || path === '~') return '"$HOME"';
  return path.startsWith('~/') ? `"$HOME"/${quote(path.slice(2))}` : quote(path);
}
