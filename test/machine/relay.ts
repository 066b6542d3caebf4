import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A link of our own on loopback: every byte arrives `delay` milliseconds late, each way, not more than `rate` of them a
 * millisecond, and the link can be cut.
 */
export interface Relay {
  readonly port: number;
  /** Cuts what is open and takes nothing new until `mend`. */
  cut(): void;
  mend(): void;
  /** Bytes that came through towards the client. */
  received(): number;
  close(): void;
}

interface Link {
  readonly address?: string;
  /** Bytes a millisecond. */
  readonly rate?: number;
}

export async function startRelay(to: number, delay: number, link: Link = {}): Promise<Relay> {
  const { address = '127.0.0.1', rate = Infinity } = link;
  const sockets = new Set<Socket>();
  let [whole, received] = [true, 0];
  const server: Server = createServer((client) => {
    const host = connect(to, address);
    for (const socket of [client, host]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => sockets.delete(socket));
    }
    if (!whole) client.destroy();
    late(client, host, { delay, rate });
    late(host, client, { delay, rate });
    host.on('data', (chunk) => void (received += chunk.length));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = server.address();
  if (own === null || typeof own === 'string') throw new Error('no port');
  const cut = (): void => {
    whole = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: own.port,
    cut,
    mend: () => void (whole = true),
    received: () => received,
    close: () => {
      cut();
      server.close();
    },
  };
}

/** In order: timers of nearly the same time may come in another one than they were set in. */
function late(from: Socket, to: Socket, { delay, rate }: { readonly delay: number; readonly rate: number }): void {
  let free = 0;
  const waiting: Buffer[] = [];
  from.on('data', (chunk: Buffer) => {
    free = Math.max(free, performance.now()) + chunk.length / rate;
    waiting.push(chunk);
    setTimeout(() => to.write(waiting.shift() ?? ''), free - performance.now() + delay);
  });
  from.on('close', () => void setTimeout(() => to.destroy(), Math.max(0, free - performance.now()) + delay + 2));
}
