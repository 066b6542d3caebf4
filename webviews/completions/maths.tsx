import katex from 'katex';
import type { VNode } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

/** Longer formulas are shown as they are written. */
const LONGEST = 4000;

/**
 * A formula as MathML, which the browser draws by itself: no fonts, no styles in the markup, nothing trusted. What is no
 * formula is shown as it is written.
 */
export function Maths({ source, block }: { source: string; block: boolean }): VNode {
  const host = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (host.current) draw(host.current, source, block);
  }, [source, block]);
  return <span class={block ? 'maths block' : 'maths'} title={source} ref={host} />;
}

function draw(host: HTMLElement, source: string, block: boolean): void {
  const options = { output: 'mathml', displayMode: block, throwOnError: true, trust: false, maxExpand: 200 } as const;
  try {
    if (source.length > LONGEST) host.textContent = source;
    else katex.render(source, host, { ...options, strict: 'ignore' });
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    host.textContent = source;
  }
}
