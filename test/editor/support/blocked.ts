/**
 * Watches how long this extension host works without a pause for anything else, in milliseconds of its own processor
 * time: what other programs take of the machine is not its fault. Ends when it is asked.
 */
export function watchTurns(): () => { readonly p99: number; readonly most: number } {
  const turns: number[] = [];
  let before = process.cpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    turns.push((user + system) / 1000);
  }, 1);
  return () => {
    clearInterval(timer);
    turns.sort((a, b) => a - b);
    return { p99: turns[Math.ceil(turns.length * 0.99) - 1] ?? NaN, most: turns.at(-1) ?? NaN };
  };
}
