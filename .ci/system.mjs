// The programs that tests need beside npm packages: what is missing, and how to get it.
import { existsSync, readFileSync } from 'node:fs';
import { ask, find, run, say, stop } from './steps.mjs';

const program =
  (...names) =>
  () =>
    Boolean(find(...names));

/** Debian's package, who needs it, and how one sees that it is there. */
const needs = [
  { name: 'chromium', layers: ['webviews', 'editor'], present: () => Boolean(chromium()) },
  { name: 'libkrb5-dev', layers: ['editor', 'host'], present: () => existsSync('/usr/include/gssapi/gssapi.h') },
  { name: 'g++', layers: ['editor', 'host'], present: program('g++', 'c++') },
  { name: 'make', layers: ['editor', 'host'], present: program('make') },
  {
    name: 'python3',
    layers: ['editor', 'host', 'python', 'machine', 'faults', 'frameworks'],
    present: program('python3'),
  },
  {
    name: 'python3-venv',
    layers: ['frameworks'],
    present: () => ask('python3', ['-c', 'import ensurepip']).code === 0,
  },
  { name: 'slurm-wlm', layers: ['frameworks'], present: program('slurmctld') },
  { name: 'munge', layers: ['frameworks'], present: program('munged') },
  { name: 'openssh-server', layers: ['machine', 'faults'], present: program('sshd') },
  { name: 'openssh-client', layers: ['machine', 'faults'], present: program('ssh') },
  { name: 'git', layers: ['unit', 'machine', 'editor'], present: program('git') },
  { name: 'procps', layers: ['machine', 'faults', 'editor'], present: program('ps') },
  { name: 'iproute2', layers: ['machine', 'faults'], present: program('ip') },
  { name: 'tmux', layers: ['machine', 'faults'], present: program('tmux') },
];

/** The Chromium of this machine, or nothing. */
export function chromium() {
  return find(...[process.env.GRPO_LENS_CHROMIUM ?? [], 'chromium', 'chromium-browser', 'google-chrome'].flat());
}

/** Installs what these layers miss; where we may not, prints the command and ends with exit code 3. */
export async function installSystemPackages(layers) {
  const lacks = needs.filter((need) => need.layers.some((layer) => layers.includes(layer)) && !need.present());
  if (lacks.length === 0) return;
  const names = lacks.map((need) => need.name);
  const command = `apt-get update && apt-get install -y --no-install-recommends ${names.join(' ')}`;
  if (!mayInstall())
    stop(`This machine lacks ${names.join(', ')}. Install them, on Debian or Ubuntu by: sudo sh -c '${command}'`, 3);
  say(`installing system packages: ${names.join(' ')}`);
  const code = await run('sh', ['-c', command], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  const still = lacks.filter((need) => !need.present()).map((need) => need.name);
  if (code !== 0 || still.length > 0)
    stop(`apt-get could not install ${(still.length > 0 ? still : names).join(', ')}: see above.`, 3);
}

function mayInstall() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return process.getuid?.() === 0 && /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(release) && Boolean(find('apt-get'));
}
