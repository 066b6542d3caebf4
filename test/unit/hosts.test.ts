import { expect, it } from 'vitest';
import { hostHas, hostLacks, onTarget, undetachedWords, type HostSight } from '../../src/domain/runs/hostWords';
import { opensSshWindows, remoteAuthority } from '../../src/domain/runs/remote';

const unhexed = (authority: string): string =>
  Buffer.from(authority.replace('ssh-remote+', ''), 'hex').toString('utf8');

it.each(['gpu', 'h200-1.lab', 'a_b'])('a plain name stands as it is: %s', (host) =>
  expect(remoteAuthority(host)).toBe(`ssh-remote+${host}`),
);

it.each([
  ['saO', '{"hostName":"saO"}'],
  ['GPU', '{"hostName":"GPU"}'],
  ['me@gpu', '{"hostName":"gpu","user":"me"}'],
  ['Me@Gpu:2222', '{"hostName":"Gpu","user":"Me","port":2222}'],
  ['großer-rechner', '{"hostName":"großer-rechner"}'],
])('capitals and other signs are escaped: %s', (host, expected) => {
  const authority = remoteAuthority(host);
  expect(authority).toMatch(/^ssh-remote\+[0-9a-f]+$/);
  expect(unhexed(authority)).toBe(expected);
});

it.each([
  ['Remote-SSH and its like', [{}, { activationEvents: ['onCommand:x', 'onResolveRemoteAuthority:ssh-remote'] }], true],
  ['another kind of window', [{ activationEvents: ['onResolveRemoteAuthority:wsl'] }], false],
  ['nothing', [], false],
])('whether windows on ssh hosts can be opened: %s', (_, manifests, expected) =>
  expect(opensSshWindows(manifests)).toBe(expected),
);

const gpu = { name: 'NVIDIA H200', usedMiB: 4, totalMiB: 143_771 };
const sight: HostSight = {
  python: '3.12.3',
  gpus: [gpu, gpu],
  disk: { free: 812e9 },
  detach: ['tmux', 'setsid'],
  logout: false,
  packages: { torch: '2.11.0', trl: '1.10.0', ms_swift: '4.1.0' },
};

it('what a host has is said in a few words', () => {
  expect(hostHas(sight)).toBe('2 × NVIDIA H200 · 812 GB free · Python 3.12.3 · tmux');
  expect(hostHas({ ...sight, gpus: [], detach: [] })).toBe('no GPU · 812 GB free · Python 3.12.3 · no way to detach');
});

it.each<[string, Partial<HostSight>, string | undefined, readonly string[]]>([
  ['nothing', {}, 'trl', []],
  ['nothing, whatever the dash', {}, 'ms-swift', []],
  ['a GPU', { gpus: [] }, undefined, ['no GPU that nvidia-smi knows']],
  ['the package', { packages: {} }, 'verl', ['verl is not among its packages']],
  ['room', { disk: { free: 2.4e9 } }, undefined, ['only 2.4 GB free']],
  [
    'a login that may end',
    { logout: true },
    undefined,
    ['it ends your runs when you log out: run `loginctl enable-linger` there once'],
  ],
  ['a free GPU', { gpus: [gpu, { ...gpu, usedMiB: 100_000 }] }, undefined, ['1 of 2 GPUs in use']],
])('what a host lacks is said: %s', (_, change, wanted, expected) =>
  expect(hostLacks({ ...sight, ...change }, wanted)).toEqual(expected),
);

it.each([
  ['nothing where it was let go', { how: 'tmux', detached: true, logout: false }, undefined],
  ['that it hangs from us', { how: 'setsid', detached: false, logout: false }, /may end with this connection.*setsid/],
  ['what ends it, and what helps', { how: 'tmux', detached: false, logout: true }, /when you log out.*enable-linger/],
])('of a run that was started is said: %s', (_, started, expected) => {
  const words = undetachedWords('count', started);
  expect(words).toEqual(expected === undefined ? undefined : expect.stringMatching(expected));
});

it('says where something is done within a sentence', () => {
  expect(['here', 'h200'].map((target) => `Start ${onTarget(target)}`)).toEqual(['Start here', 'Start on h200']);
});
