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
  readonly logout: boolean;
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

/** `here`, `on h200`: where something is done, within a sentence. */
export function onTarget(target: string): string {
  return target === 'here' ? target : `on ${target}`;
}

/** What it lacks for a training with that package, or what stands in the way, each a few words. */
export function hostLacks({ gpus, disk, packages, logout }: HostSight, wanted: string | undefined): string[] {
  const busy = gpus.filter(({ usedMiB, totalMiB }) => usedMiB !== null && totalMiB !== null && usedMiB > totalMiB / 2);
  const known = (name: string): boolean =>
    packages[name] !== undefined || packages[name.replaceAll('-', '_')] !== undefined;
  return [
    ...(gpus.length === 0 ? ['no GPU that nvidia-smi knows'] : []),
    ...(busy.length > 0 ? [`${busy.length} of ${gpus.length} GPUs in use`] : []),
    ...(disk.free < ROOM ? [`only ${(disk.free / 1e9).toFixed(1)} GB free`] : []),
    ...(logout ? ['it ends your runs when you log out: run `loginctl enable-linger` there once'] : []),
    ...(wanted === undefined || known(wanted) ? [] : [`${wanted} is not among its packages`]),
  ];
}

/** A warning where a run that was just started may not outlive us; undefined where it was seen to. */
export function undetachedWords(name: string, { how, detached, logout }: Detaching): string | undefined {
  if (logout)
    return `${name} ends when you log out, since its host ends whatever a user leaves behind: run "loginctl enable-linger" there once, then stop and resume it.`;
  return detached ? undefined : `${name} runs, but may end with this connection: it could not be detached (${how}).`;
}

/** How the run was let go. */
interface Detaching {
  readonly how: string;
  readonly detached: boolean;
  readonly logout: boolean;
}
