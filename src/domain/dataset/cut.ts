import type { Overlong, SeenPiece } from './seen';
import type { Tokens } from './view';

/** Pieces of which `over` tokens are gone, at the side and in the way that the framework cuts; media stay whole. */
export function cutPieces(
  pieces: readonly SeenPiece[],
  { does }: Overlong,
  over: number,
  tokens: Tokens | undefined,
): readonly SeenPiece[] {
  if (does === 'left out' || does === 'refused') return pieces.map((piece) => ({ ...piece, cut: true }));
  if (does === 'kept' || !tokens) return pieces;
  const left = does === 'cut left';
  const ordered = left ? pieces : [...pieces].reverse();
  let rest = over;
  const cut = ordered.flatMap((piece) => {
    const count = piece.kind === 'text' ? Math.min(rest, piece.tokens ?? 0) : 0;
    rest -= count;
    const parts = count === 0 ? [piece] : split(piece, count, { left, tokens });
    return left ? parts : [...parts].reverse();
  });
  return left ? cut : cut.reverse();
}

/** A text of which the first, or the last, `count` tokens are gone. */
function split(
  piece: SeenPiece,
  count: number,
  { left, tokens }: { readonly left: boolean; readonly tokens: Tokens },
): readonly SeenPiece[] {
  const ids = tokens.encode(piece.text);
  if (count >= ids.length) return [{ ...piece, cut: true }];
  const at = left
    ? behind(piece.text, tokens.decode(ids.slice(count)))
    : before(piece.text, tokens.decode(ids.slice(0, -count)));
  const [first, second] = [piece.text.slice(0, at), piece.text.slice(at)];
  const gone = { ...piece, tokens: count, cut: true as const };
  const stays = { ...piece, tokens: ids.length - count };
  return left
    ? [
        { ...gone, text: first },
        { ...stays, text: second },
      ]
    : [
        { ...stays, text: first },
        { ...gone, text: second },
      ];
}

/** Where the kept end begins; half a character at the cut is shown as gone. */
function behind(text: string, kept: string): number {
  return text.length - kept.replace(/^\uFFFD+/, '').length;
}

function before(text: string, kept: string): number {
  return Math.min(text.length, kept.replace(/\uFFFD+$/, '').length);
}
