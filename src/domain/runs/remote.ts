/**
 * The authority of a Remote-SSH window for a host of the user's ssh settings. URIs lose capitals, so a name that has any,
 * or a sign that an authority has not, is written in hexadecimal as Remote-SSH itself writes it: `{"hostName":…}`.
 */
export function remoteAuthority(host: string): string {
  const plain = /^[a-z0-9][a-z0-9._-]*$/.test(host);
  return `ssh-remote+${plain ? host : hex(JSON.stringify(partsOf(host)))}`;
}

/**
 * Whether one of the extensions of an editor, by their manifests, opens windows on ssh hosts: Remote-SSH in VS Code, and
 * others of their own in Cursor, Windsurf and VSCodium, which all resolve the same authority.
 */
export function opensSshWindows(manifests: readonly Manifest[]): boolean {
  return manifests.some(({ activationEvents }) => activationEvents?.includes('onResolveRemoteAuthority:ssh-remote'));
}

interface Manifest {
  readonly activationEvents?: readonly string[];
}

/** `user@host:port` as Remote-SSH takes it apart. */
function partsOf(host: string): { readonly hostName: string; readonly user?: string; readonly port?: number } {
  const [, user, hostName = host, port] = /^(?:([^@]+)@)?([^:]+)(?::(\d+))?$/.exec(host) ?? [];
  return { hostName, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port: Number(port) }) };
}

function hex(text: string): string {
  return [...bytesOf(text)].map((byte) => byte.charCodeAt(0).toString(16).padStart(2, '0')).join('');
}

/** The text's UTF-8, a character for each byte. */
function bytesOf(text: string): string {
  return encodeURIComponent(text).replace(/%([0-9A-F]{2})/g, (_, code: string) =>
    String.fromCharCode(parseInt(code, 16)),
  );
}
