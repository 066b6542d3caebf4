/** In a message of the Debug Adapter Protocol, in place: every source of one path becomes a source of another. */
export function replaceSources(message: unknown, from: string, to: string): void {
  if (typeof message !== 'object' || message === null) return;
  if ('path' in message && message.path === from) message.path = to;
  for (const part of Object.values(message)) replaceSources(part, from, to);
}
