import { render, type VNode } from 'preact';
import { readOutput } from '../../src/wire/notebook';
import runStyle from '../run/style.css';
import causeStyle from '../shared/cause.css';
import chartStyle from '../shared/chart.css';
import { Completions } from './completions';
import { connect, type Live } from './live';
import type { OutputItem, Renderer, RendererContext } from './renderer';
import { Rewards } from './rewards';
import { Run } from './run';
import style from './style.css';

/** The door of the bundle. All outputs of a notebook share one page, so each is drawn in a shadow tree of its own. */
export function activate(context: RendererContext): Renderer {
  const live = connect(context);
  const drawn = new Map<string, HTMLElement>();
  const drop = (id: string): void => {
    const mount = drawn.get(id);
    if (mount) render(null, mount);
    drawn.delete(id);
  };
  return {
    renderOutputItem: (item, element) => {
      const mount = mountIn(element);
      drawn.set(item.id, mount);
      render(<Output item={item} live={live} />, mount);
    },
    disposeOutputItem: (id) => (id === undefined ? [...drawn.keys()] : [id]).forEach(drop),
  };
}

function mountIn(element: HTMLElement): HTMLElement {
  const root = element.shadowRoot ?? element.attachShadow({ mode: 'open' });
  const before = root.querySelector<HTMLElement>('main');
  if (before) return before;
  const sheet = document.createElement('style');
  sheet.textContent = [runStyle, chartStyle, style, causeStyle].join('\n');
  const mount = document.createElement('main');
  root.replaceChildren(sheet, mount);
  return mount;
}

function Output({ item, live }: { item: OutputItem; live: Live | undefined }): VNode {
  const read = readOutput(item.mime, dataOf(item));
  switch (read.kind) {
    case 'completions':
      return <Completions output={read.output} live={live} />;
    case 'rewards':
      return <Rewards output={read.output} live={live} />;
    case 'run':
      return <Run key={read.output.header.folder} output={read.output} live={live} />;
    case 'unreadable':
      return <p class="problem">{read.why}</p>;
  }
}

/** Undefined for what is no JSON, which no form takes. */
function dataOf(item: OutputItem): unknown {
  try {
    return item.json();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
