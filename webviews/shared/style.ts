/** Adds a page's own rules under the page's nonce; the policy lets no other style in. */
export function addStyle(css: string): void {
  const style = document.createElement('style');
  style.nonce = document.body.dataset['nonce'] ?? '';
  style.textContent = css;
  document.head.append(style);
}
