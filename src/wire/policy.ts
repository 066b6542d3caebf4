/**
 * The content security policy of every page: nothing but our own script (by nonce), our own styles and pictures.
 * `source` is where our files come from (`webview.cspSource`). No eval, no connection, no remote content.
 */
export function policy({ nonce, source }: { readonly nonce: string; readonly source: string }): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'nonce-${nonce}'`,
    `img-src ${source} data: blob:`,
    `font-src ${source}`,
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
}
