/** What VS Code's notebooks give a renderer (code.visualstudio.com/api/extension-guides/notebook @ 1.90); only what we use. */
export interface RendererContext {
  /** Absent where the extension does not run, as in a notebook that was exported. */
  readonly postMessage?: (message: unknown) => void;
  readonly onDidReceiveMessage?: (listener: (message: unknown) => void) => unknown;
}

export interface OutputItem {
  readonly id: string;
  readonly mime: string;
  json(): unknown;
}

export interface Renderer {
  renderOutputItem(item: OutputItem, element: HTMLElement): void;
  /** Without an id, all outputs go. */
  disposeOutputItem(id?: string): void;
}
