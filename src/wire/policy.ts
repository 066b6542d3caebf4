/**
 * The content security policy of every page: nothing but our own script (by nonce), our own styles and pictures.
 * `source` is where our files come from (`webview.cspSource`). No eval, no connection, no remote content.
 */
function policy({ nonce, source }: { readonly nonce: string; readonly source: string }): string {
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src ${source} 'nonce-${nonce}'`,
    `img-src ${source} data: blob:`,
    'media-src data:',
    `font-src ${source}`,
    "connect-src 'none'",
    "form-action 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/**
 * The document of a page; `script` and `style` are addresses of our bundle and its style sheet. The toolkit looks for
 * the nonce in `csp-nonce` (`getNonce` in @microsoft/fast-web-utilities:dist/dom.js @ 5.4.1).
 */
export function pageHtml(parts: { nonce: string; source: string; script: string; style: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(parts)}">
<meta property="csp-nonce" content="${parts.nonce}">
<meta name="viewport" content="width=device-width">
<link rel="stylesheet" href="${parts.style}" nonce="${parts.nonce}">
</head>
<body data-nonce="${parts.nonce}"><main id="root"></main>
<script nonce="${parts.nonce}" src="${parts.script}"></script>
</body>
</html>`;
}
