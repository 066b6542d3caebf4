import type { RegexCall } from './explained';

/** Beside the line: where its pattern stopped, and why; undefined where it matched. */
export function regexStop({ stop }: RegexCall): string | undefined {
  if (!stop) return undefined;
  return `✗ regex stops at ${stop.at}: ${stop.reason}${stop.fix === undefined ? '' : ` (${stop.fix})`}`;
}

/** For the hover: what was asked, where it matched, or the longest part of the pattern that did. */
export function regexStory({ pattern, method, found, spans, stop }: RegexCall): string {
  const asked = `\`${method}\` of \`${pattern}\``;
  if (!stop)
    return found
      ? `${asked} matched at ${spans.map(([from, to]) => `${from}–${to}`).join(', ')}.`
      : `${asked} found nothing.`;
  const fix = stop.fix === undefined ? '' : ` ${stop.fix} would make it match.`;
  return `${asked}: \`${stop.matched}\` matches up to ${stop.at}, then ${stop.reason}.${fix}`;
}
