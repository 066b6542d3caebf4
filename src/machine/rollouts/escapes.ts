/** A text as JSON writers put it: as it is, with everything beyond ASCII as `\uXXXX` (two cases), or safe for HTML. */
export function escapedForms(needle: string): string[] {
  const plain = JSON.stringify(needle).slice(1, -1);
  const ascii = plain.replace(/[\u0080-\uffff]/g, hex);
  const upper = plain.replace(/[\u0080-\uffff]/g, (text) => `\\u${hex(text).slice(2).toUpperCase()}`);
  const safe = plain.replace(/[<>&\u2028\u2029]/g, hex);
  const slashed = plain.replaceAll('/', '\\/');
  return [...new Set([plain, ascii, upper, safe, slashed])];
}

function hex(text: string): string {
  return `\\u${text.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** How often characters stand in English, Python and JSON texts, most often first; what is not here is rare. */
const COMMON = ' etaoinsrhldcumfpgwybvk,.-:=0123(){}';
/** A search for fewer characters than the first finds too much; for more than the second it gains nothing. */
const [SHORT, LONG] = [3, 8];

/**
 * The part of a text that every writer leaves as it is and that is rarest: a search for it finds all forms in one pass.
 * Undefined where there is no such part, or none long enough to be rare.
 */
export function anchorOf(needle: string): string | undefined {
  const parts = needle.match(/[^"\\/<>&\u0000-\u001f\u007f-\uffff]+/g) ?? [];
  const best = parts.toSorted((a, b) => rarity(b) - rarity(a))[0];
  return best === undefined || best.length < SHORT ? undefined : best.slice(rarestAt(best));
}

function rarity(part: string): number {
  return Math.min(LONG, part.length) + rank(part[rarestAt(part)] ?? ' ') / COMMON.length;
}

/** A byte search is fastest where it begins with a rare byte. */
function rarestAt(part: string): number {
  let best = 0;
  for (let at = 1; at <= part.length - SHORT; at++) if (rank(part[at] ?? ' ') > rank(part[best] ?? ' ')) best = at;
  return best;
}

function rank(character: string): number {
  const at = COMMON.indexOf(character);
  return at < 0 ? COMMON.length : at;
}
