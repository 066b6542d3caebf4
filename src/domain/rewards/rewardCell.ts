const REWARD = /^[ \t]*%%reward(?=[ \t]|\n|$)/;
const SHELL = /^[ \t]*%%(?:bash|sh|launch|script[ \t]+(?:ba|z)?sh)(?=[ \t]|\n|$)/;
/** Lines that IPython takes for itself. */
const MAGIC = /^([ \t]*)(?:%(?=%?[A-Za-z])|!|\?)/gm;
const MARK = '\n# %% cell before (GRPO Lens)\n';

/** Is this the text of a `%%reward` cell? */
export function isRewardCell(text: string): boolean {
  return REWARD.test(text);
}

/** What stands behind `%%reward` in the first line; undefined for the text of another cell. */
export function rewardWords(text: string): string | undefined {
  const [first = ''] = text.split('\n', 1);
  return isRewardCell(first) ? first.trim().slice('%%reward'.length).trim() : undefined;
}

/** Is this the text of a cell that a shell runs, whatever the notebook's language? */
export function isShellCell(text: string): boolean {
  return SHELL.test(text);
}

/**
 * The text of a cell as Python is given it: its own lines at their places, then the Python cells before it, each below a
 * mark, so that what they define is known. What IPython would take for itself becomes a comment.
 */
export function cellSource(text: string, earlier: readonly string[]): string {
  const own = isRewardCell(text) ? text.replace(/^[ \t]*%%reward/, '# %%reward') : text;
  return (
    [own, ...earlier.filter((cell) => !isShellCell(cell))].map(withoutMagics).join(MARK) +
    (earlier.length === 0 ? MARK : '')
  );
}

function withoutMagics(text: string): string {
  return text.replace(MAGIC, '$1#');
}

/** Does a function or class of this name stand in the text? */
export function definesName(text: string, name: string): boolean {
  const defined = /^[ \t]*(?:async[ \t]+)?(?:def|class)[ \t]+([^\s(:]+)/gm;
  return [...text.matchAll(defined)].some((found) => found[1] === name);
}

/** Is a variable of this name set at the text's top level? */
export function assigns(text: string, name: string): boolean {
  return text.split('\n').some((line) => line.startsWith(name) && /^[ \t]*=(?!=)/.test(line.slice(name.length)));
}

/**
 * The commands of a Python cell that begin with `!`, as a shell text in which they stand at their places; undefined where
 * there are none.
 */
export function shellLines(text: string): string | undefined {
  let going = false;
  const lines = text.split('\n').map((line) => {
    const begins = /^[ \t]*!/.test(line);
    const own = begins || going;
    going = own && line.endsWith('\\');
    if (!own) return ' '.repeat(line.length);
    return begins ? line.replace('!', ' ') : line;
  });
  return /^[ \t]*!/m.test(text) ? lines.join('\n') : undefined;
}
