/** A regular expression that a text of Python looks for, as JavaScript writes it, with its 1-based line. */
export interface FoundPattern {
  readonly source: string;
  readonly flags: string;
  readonly line: number;
}

const CALL =
  /\bre(?:gex)?\.(?:search|match|fullmatch|findall|finditer|compile|sub|split)\(\s*[rRuU]{0,2}("""|'''|"|')((?:\\[^]|(?!\1)[^\\])*)\1([^)\n]*)/g;
const FLAGS: readonly (readonly [sign: RegExp, flag: string])[] = [
  [/\bre\.(DOTALL|S)\b/, 's'],
  [/\bre\.(IGNORECASE|I)\b/, 'i'],
  [/\bre\.(MULTILINE|M)\b/, 'm'],
];
const MOST = 40;

/** The literal patterns of a text of Python; those that JavaScript cannot read are left out. */
export function patternsOf(text: string): FoundPattern[] {
  const found = [...text.matchAll(CALL)].flatMap(({ 2: body = '', 3: rest = '', index }) => {
    const source = translated(body);
    const flags = FLAGS.filter(([sign]) => sign.test(rest)).map(([, flag]) => flag);
    const line = text.slice(0, index).split('\n').length;
    return source !== '' && isPattern(source) ? [{ source, flags: flags.join(''), line }] : [];
  });
  return found.slice(0, MOST);
}

/** What Python writes differently: named groups, and the text's ends. */
function translated(source: string): string {
  return source
    .replaceAll('(?P<', '(?<')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replaceAll('\\A', '^')
    .replaceAll('\\Z', '$');
}

function isPattern(source: string): boolean {
  try {
    return new RegExp(source).test('') || true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
