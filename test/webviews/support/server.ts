import { existsSync, readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pageHtml } from '../../../src/wire/policy';

export const root = path.resolve(import.meta.dirname, '../../..');
const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.png': 'image/png' };

export interface Site {
  /** Address of the page around a script of the repository: the very document that the editor gives to its webview. */
  page(script: string): string;
  /** Address of a document that a test makes; `source` stands for the origin in it. */
  made(name: string, body: (source: string) => string): string;
  close(): void;
}

/** Serves the built bundles, and documents around them, on the loopback address. */
export async function startSite(): Promise<Site> {
  const made = new Map<string, (source: string) => string>();
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const source = `http://${request.headers.host}`;
    const own = url.pathname === '/page' ? () => documentOf(url.searchParams.get('script') ?? '', source) : undefined;
    const body = (own ?? made.get(url.pathname))?.(source) ?? file(url.pathname);
    if (url.pathname === '/favicon.ico') return void response.writeHead(204).end();
    response.writeHead(body === undefined ? 404 : 200, {
      'content-type': TYPES[path.extname(url.pathname)] ?? 'text/html',
      'cache-control': 'max-age=3600',
    });
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    made: (name, body) => {
      made.set(`/${name}`, body);
      return `http://127.0.0.1:${port}/${name}`;
    },
    page: (script) => `http://127.0.0.1:${port}/page?script=${encodeURIComponent(script)}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function documentOf(script: string, source: string): string {
  const style = `${source}/dist/webviews/theme.css`;
  return pageHtml({ nonce: 'e2d1c0b9a8', source, script: `${source}/${script}`, style });
}

const SERVED = ['dist', 'media', '.build'].map((folder) => path.join(root, folder) + path.sep);

function file(pathname: string): Buffer | undefined {
  const wanted = path.join(root, path.normalize(pathname));
  return SERVED.some((folder) => wanted.startsWith(folder)) && existsSync(wanted) ? readFileSync(wanted) : undefined;
}
