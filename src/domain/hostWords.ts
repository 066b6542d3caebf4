/** What is known of a host before anything is started there. */
export interface HostSight {
  readonly python: string;
  readonly gpus: readonly {
    readonly name: string;
    readonly usedMiB: number | null;
    readonly totalMiB: number | null;
  }[];
  readonly disk: { readonly free: number };
  readonly detach: readonly string[];
  readonly packages: Readonly<Record<string, string>>;
}

/** Less free space than this is said: a checkpoint of a small model fills it. */
const ROOM = 10e9;

/** What a host has, in a few words: `8 × NVIDIA H200 · 812 GB free · Python 3.12.3 · tmux`. */
export function hostHas({ python, gpus, disk, detach }: HostSight): string {
  const names = [...new Set(gpus.map(({ name }) => name))];
  const cards = names.map((name) => `${gpus.filter((gpu) => gpu.name === name).length} × ${name}`);
  const way = detach[0] ?? 'no way to detach';
  return [cards.join(', ') || 'no GPU', `${Math.round(disk.free / 1e9)} GB free`, `Python ${python}`, way].join(' · ');
}

/** What it lacks for a training with that package, or what stands in the way, each a few words. */
export function hostLacks({ gpus, disk, packages }: HostSight, wanted: string | undefined): string[] {
  const busy = gpus.filter(({ usedMiB, totalMiB }) => usedMiB !== null && totalMiB !== null && usedMiB > totalMiB / 2);
  const known = (name: string): boolean =>
    packages[name] !== undefined || packages[name.replaceAll('-', '_')] !== undefined;
  return [
    ...(gpus.length === 0 ? ['no GPU that nvidia-smi knows'] : []),
    ...(busy.length > 0 ? [`${busy.length} of ${gpus.length} GPUs in use`] : []),
    ...(disk.free < ROOM ? [`only ${(disk.free / 1e9).toFixed(1)} GB free`] : []),
    ...(wanted === undefined || known(wanted) ? [] : [`${wanted} is not among its packages`]),
  ];
}
