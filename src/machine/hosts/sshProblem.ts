import { Problem, type Remedy } from '../../domain/problem';

/** What OpenSSH says → what it means and what to do. The first that fits. */
const MEANINGS: readonly (readonly [RegExp, (host: string) => string, Remedy])[] = [
  [
    /REMOTE HOST IDENTIFICATION HAS CHANGED/,
    (host) => `The key of ${host} is not the one it had: find out why, then remove the old one with ssh-keygen -R.`,
    'edit-target',
  ],
  [
    /Host key verification failed/,
    (host) => `${host} is not known yet: connect once in a terminal (ssh ${host}) and accept its key.`,
    'retry',
  ],
  [
    /Permission denied/,
    (host) =>
      `${host} refused the login: add a key to your agent, or log in to it in a terminal where a password can be asked.`,
    'log-in',
  ],
  [
    /Too many authentication failures/,
    (host) => `${host} refused after too many keys were tried: set IdentityFile and IdentitiesOnly for it.`,
    'edit-target',
  ],
  [
    /Could not resolve hostname/,
    (host) => `The name ${host} was not found: check it in your ssh settings, and your network.`,
    'edit-target',
  ],
  [
    /Connection timed out|Operation timed out|timed out during banner exchange/,
    (host) => `${host} did not answer in time: is it up, and is a VPN needed?`,
    'retry',
  ],
  [/Connection refused/, (host) => `${host} answers but runs no ssh server at that port.`, 'edit-target'],
  [
    /No route to host|Network is unreachable/,
    (host) => `There is no way to ${host} from here: check your network.`,
    'retry',
  ],
  [
    /Bad configuration option|Bad owner or permissions|Can't open user config file/,
    () => 'Your ssh settings could not be read.',
    'edit-target',
  ],
  [
    /Connection closed|Connection reset|Broken pipe|not responding|kex_exchange_identification/,
    (host) => `The connection to ${host} was cut.`,
    'retry',
  ],
  [/ENOENT/, () => 'There is no ssh program on the PATH: install OpenSSH, or set its path.', 'edit-target'],
];

/** The usual failures of ssh as one plain sentence, with what ssh itself said beside it. */
export function sshProblem(host: string, stderr: string): Problem {
  const known = MEANINGS.find(([sign]) => sign.test(stderr));
  const message = known ? known[1](host) : `The connection to ${host} has ended.`;
  return new Problem({ code: 'ssh', message, detail: stderr, remedy: known?.[2] ?? 'retry' });
}
