import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { Emitter } from '../base/event';
import type { PanelId } from '../contributions';
import { pageHtml } from '../wire/policy';
import { eachSession, type Channel } from '../wire/session';
import { serve, type Guards, type Methods, type Protocol, type Served } from '../wire/wire';
import type { Guard } from './guard';

/** A page: which bundle it is, and what answers it. */
export interface Page<P extends Protocol> {
  /** Name of the bundle: `dist/webviews/<bundle>.js`. */
  readonly bundle: string;
  readonly guards: Guards<P>;
  readonly methods: Methods<P>;
}

/** A page that is open; telling a page that is not there (hidden and thrown away) does nothing. */
export interface Opened<P extends Protocol> {
  readonly panel: vscode.WebviewPanel;
  tell<K extends keyof P['tells'] & string>(name: K, data: P['tells'][K]): void;
}

/** Opens pages: strict policy, one script, one style sheet, and the wire. */
export class Pages {
  constructor(
    private readonly root: vscode.Uri,
    private readonly guard: Guard,
  ) {}

  open<P extends Protocol>(id: PanelId, title: string, page: Page<P>): Opened<P> {
    const panel = vscode.window.createWebviewPanel(id, title, vscode.ViewColumn.Active, {});
    return this.fill(panel, page);
  }

  /** Fills a panel that VS Code made, as for a custom editor. `roots`: further folders whose pictures it may show. */
  fill<P extends Protocol>(panel: vscode.WebviewPanel, page: Page<P>, roots: readonly vscode.Uri[] = []): Opened<P> {
    const { webview } = panel;
    const media = ['dist', 'media'].map((folder) => vscode.Uri.joinPath(this.root, folder));
    webview.options = { enableScripts: true, localResourceRoots: [...media, ...roots] };
    let served: Served<P> | undefined;
    eachSession(channelOf(panel), (port) => {
      served?.dispose();
      served = serve(port, page.guards, page.methods, (bug) => this.guard.record(`the page "${page.bundle}"`, bug));
    });
    panel.onDidDispose(() => served?.dispose());
    panel.iconPath = vscode.Uri.joinPath(this.root, 'media', 'icon.png');
    webview.html = this.html(webview, page.bundle);
    return { panel, tell: (name, data) => served?.tell(name, data) };
  }

  private html(webview: vscode.Webview, bundle: string): string {
    const nonce = randomBytes(16).toString('hex');
    const script = webview.asWebviewUri(vscode.Uri.joinPath(this.root, 'dist', 'webviews', `${bundle}.js`)).toString();
    const style = webview.asWebviewUri(vscode.Uri.joinPath(this.root, 'dist', 'webviews', 'theme.css')).toString();
    return pageHtml({ nonce, script, style, source: webview.cspSource });
  }
}

function channelOf(panel: vscode.WebviewPanel): Channel {
  const messages = new Emitter<unknown>();
  const closed = new Emitter<void>();
  panel.webview.onDidReceiveMessage((message: unknown) => messages.fire(message));
  panel.onDidDispose(() => closed.fire());
  return {
    post: (message) => void panel.webview.postMessage(message),
    onMessage: messages.event,
    onClose: closed.event,
  };
}
