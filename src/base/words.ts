/** A line cut at its blanks; quotes hold words together and are taken off. */
export function quotedWords(line: string): string[] {
  const found = line.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return found.map((word) =>
    word.replace(/"([^"]*)"|'([^']*)'/g, (_, double: string | undefined, single: string) => double ?? single),
  );
}
