import {
  AbstractMessageReader,
  AbstractMessageWriter,
  type DataCallback,
  type Disposable as RpcDisposable,
  type Message,
  type MessageReader,
  type MessageWriter,
} from 'vscode-jsonrpc';
import type { Port } from './wire';

/** Puts the reading half of JSON-RPC on a port. */
export class PortReader extends AbstractMessageReader implements MessageReader {
  constructor(private readonly port: Port) {
    super();
    port.onClose(() => this.fireClose());
  }

  listen(callback: DataCallback): RpcDisposable {
    return this.port.onMessage((message) => {
      if (isMessage(message)) callback(message);
      else this.fireError(new Error('something that is no message came through the port'));
    });
  }
}

/** Puts the writing half of JSON-RPC on a port. */
export class PortWriter extends AbstractMessageWriter implements MessageWriter {
  constructor(private readonly port: Port) {
    super();
    port.onClose(() => this.fireClose());
  }

  write(message: Message): Promise<void> {
    this.port.send(message);
    return Promise.resolve();
  }

  end(): void {}
}

function isMessage(value: unknown): value is Message {
  return typeof value === 'object' && value !== null && (value as Message).jsonrpc === '2.0';
}
