const FIRST = /^[ \t]*%%reward(?:[ \t][^\n]*)?(?=\n|$)/;
const IMPORT = /^(?:import[ \t]+\w|from[ \t]+[\w.]+[ \t]+import[ \t]+[^(\s])[^\n\\;]*$/gm;

/** Is this the text of a `%%reward` cell? */
export function isRewardCell(text: string): boolean {
  return FIRST.test(text);
}

/**
 * The text of a `%%reward` cell as a file of its own, line by line at the same places: instead of its first line stand
 * the plain imports of the cells before it.
 */
export function cellSource(text: string, earlier: readonly string[]): string {
  const imports = earlier.flatMap((cell) => cell.match(IMPORT) ?? []).map((line) => line.replace(/#.*$/, '').trim());
  return text.replace(FIRST, () => [...new Set(imports)].join('; '));
}

/** Does a function or class of this name stand in the text? */
export function definesName(text: string, name: string): boolean {
  const defined = /^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+([^\s(:]+)/gm;
  return [...text.matchAll(defined)].some((found) => found[1] === name);
}
