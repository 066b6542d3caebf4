import { RAL } from 'vscode-jsonrpc';

declare function setTimeout(run: (...args: unknown[]) => void, milliseconds: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare function setInterval(run: (...args: unknown[]) => void, milliseconds: number): unknown;
declare function clearInterval(timer: unknown): void;
declare function queueMicrotask(run: () => void): void;

/** Our ports carry whole messages as plain data, so JSON-RPC's byte buffers and encoders are never asked for. */
function unused(): never {
  throw new Error('bytes do not pass through here');
}

const timer = {
  setTimeout: (run: (...args: unknown[]) => void, ms: number, ...args: unknown[]) => {
    const handle = setTimeout(() => run(...args), ms);
    return { dispose: () => clearTimeout(handle) };
  },
  setInterval: (run: (...args: unknown[]) => void, ms: number, ...args: unknown[]) => {
    const handle = setInterval(() => run(...args), ms);
    return { dispose: () => clearInterval(handle) };
  },
  setImmediate: (run: (...args: unknown[]) => void, ...args: unknown[]) => {
    let live = true;
    queueMicrotask(() => live && run(...args));
    return { dispose: () => void (live = false) };
  },
};

/** What JSON-RPC needs of its host, the same in Node, a worker and a page. */
export function installRuntime(): void {
  RAL.install({
    messageBuffer: { create: unused },
    applicationJson: { encoder: { name: 'none', encode: unused }, decoder: { name: 'none', decode: unused } },
    crypto: { randomUUID: unused },
    console: { info: () => {}, log: () => {}, warn: () => {}, error: () => {} },
    timer,
  });
}
