import { window } from './window';

/** What is drawn after the ends of lines: decorations are no text of the page, but content of its style. */
export async function drawnValues(): Promise<string> {
  const page = await window();
  return page.evaluate(() => {
    const spans = Array.from(document.querySelectorAll('.view-line span span'));
    return spans
      .map((span) => getComputedStyle(span, '::after').content)
      .filter((text) => text !== 'none')
      .join('\n');
  });
}

/** Words of the code that are drawn paler than the others. */
export async function dimmed(): Promise<readonly string[]> {
  const page = await window();
  return page.evaluate(() => {
    const spans = Array.from(document.querySelectorAll('.view-line span span'));
    return spans.filter((span) => Number(getComputedStyle(span).opacity) < 0.9).map((span) => span.textContent ?? '');
  });
}
