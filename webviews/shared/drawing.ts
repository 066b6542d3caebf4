import { parse, View, type Spec } from 'vega';
import { expressionInterpreter } from 'vega-interpreter';
import { compile, type TopLevelSpec } from 'vega-lite';
import type { Theme } from './theme';

/** A vega-lite picture in the page. It is compiled once; data, size and cursor change without compiling again. */
export class Drawing {
  readonly #view: View;
  readonly #rows = new Map<string, readonly object[]>();

  constructor(
    host: HTMLElement,
    private readonly spec: TopLevelSpec,
    theme: Theme,
  ) {
    const { spec: compiled } = compile({ ...spec, config: configOf(theme) });
    // The policy forbids `eval`; with `ast` vega keeps expressions as trees and interprets them.
    const runtime = parse(compiled as Spec, {}, { ast: true });
    this.#view = new View(runtime, { expr: expressionInterpreter, renderer: 'svg', container: host, hover: false });
  }

  data(name: string, rows: readonly object[]): void {
    this.#rows.set(name, rows);
    this.#view.data(name, [...rows]);
  }

  /** Told with the ranges of the interval `brush`, by field, while it is drawn; empty when it is gone. */
  onBrush(told: (ranges: Readonly<Record<string, readonly [number, number]>>) => void): void {
    this.#view.addSignalListener('brush', (_name, value: Record<string, [number, number]>) => told(value));
  }

  width(pixels: number): void {
    this.#view.width(pixels);
  }

  /** Draws what has changed. */
  async draw(): Promise<void> {
    await this.#view.runAsync();
  }

  /** The value of the horizontal axis at a place of the window, undefined beside the plot. */
  across(clientX: number): number | undefined {
    const box = this.#view.container()?.getBoundingClientRect();
    const x = clientX - (box?.left ?? 0) - this.#view.origin()[0];
    if (x < 0 || x > this.#view.width()) return undefined;
    const scale = this.#view.scale('x') as { invert(pixel: number): number };
    return scale.invert(x);
  }

  /** Where a value of the horizontal axis stands, in pixels from the left; undefined before anything is drawn. */
  placeOf(value: number): number | undefined {
    const scale = this.#view.scale('x') as unknown;
    return typeof scale === 'function' ? this.#view.origin()[0] + (scale as (at: number) => number)(value) : undefined;
  }

  /** The picture as vega-lite with its data inside, for an editor of such pictures. */
  source(): string {
    return JSON.stringify({ ...this.spec, datasets: Object.fromEntries(this.#rows) }, null, 2);
  }

  svg(): Promise<string> {
    return this.#view.toSVG();
  }

  /** The picture at twice its size, as base64. */
  async png(): Promise<string> {
    const url = await this.#view.toImageURL('png', 2);
    return url.slice(url.indexOf(',') + 1);
  }

  dispose(): void {
    this.#view.finalize();
  }
}

function configOf(theme: Theme): object {
  const text = { labelColor: theme.quiet, titleColor: theme.quiet, labelFont: theme.font, titleFont: theme.font };
  return {
    background: 'transparent',
    font: theme.font,
    view: { stroke: null },
    axis: {
      ...text,
      gridColor: theme.grid,
      gridOpacity: 0.6,
      domain: false,
      tickColor: theme.grid,
      tickCount: 4,
      labelLimit: 60,
      labelOverlap: true,
    },
    axisX: { grid: false, domain: true, domainColor: theme.grid, tickCount: 6 },
    legend: { ...text, orient: 'bottom', title: null, symbolType: 'stroke' },
    range: { category: [...theme.lines] },
  };
}
