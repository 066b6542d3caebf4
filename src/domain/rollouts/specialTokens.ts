/** Tokens by which chat templates cut a text: `<|im_end|>`, `<|box_start|>`, `</s>`, `[INST]` and their like. */
const SPECIAL =
  /<\|[\w.-]{1,40}\|>|<\uff5c[^\uff5c\n]{1,40}\uff5c>|<\/?s>|\[\/?INST\]|<(?:eos|bos|pad|end_of_turn|start_of_turn)>/g;

/** How many special tokens a text has. */
export function specialTokens(text: string): number {
  return [...text.matchAll(SPECIAL)].length;
}

export function withoutSpecialTokens(text: string): string {
  return text.replace(SPECIAL, '');
}
