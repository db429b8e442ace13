import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { CoreExchange } from './core-exchange';
import type { Forwarding } from './core-proxy';
import type { ReceivedHeaders } from './ports';
import { onlyValue } from './received-headers';
import { Refusal } from './refusal';

/** RFC 6455, 1.3: what every server adds to the key it was sent. */
const ACCEPT_SUFFIX = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** Of a handshake, what belongs to it and to nothing else. */
const ASKED = ['sec-websocket-key', 'sec-websocket-version', 'sec-websocket-protocol', 'sec-websocket-extensions'] as const;
const ANSWERED = ['sec-websocket-accept', 'sec-websocket-protocol', 'sec-websocket-extensions'] as const;

/** What the Core is asked. @throws Refusal for what is no handshake (RFC 6455, 4.2.1) */
export function handshakeOf(received: ReceivedHeaders): Record<string, string | string[]> {
  const key = onlyValue(received, 'sec-websocket-key') ?? '';
  if (!/^[A-Za-z0-9+/]{22}==$/.test(key) || onlyValue(received, 'sec-websocket-version') !== '13') throw new Refusal('bad_request', 'websocket-handshake');
  return Object.fromEntries(ASKED.flatMap((name) => {
    const values = received.get(name);
    return values ? [[name, [...values]]] : [];
  }));
}

/** Where a connection stands that wants to be a WebSocket. */
export interface UpgradeForwarding extends Forwarding {
  readonly socket: Duplex;
  /** What the caller sent behind his request. */
  readonly head: Buffer;
  /** Called once nothing more is relayed. */
  readonly onEnd: () => void;
}

/** Asks the Core for a WebSocket and, once it agrees, lets bytes through both ways; whatever else it answers goes back as the answer that it is. */
export class WebSocketExchange extends CoreExchange {
  public constructor(private readonly upgrade: UpgradeForwarding) {
    super(upgrade);
  }

  public onRequestUpgrade(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders, core: Duplex): void {
    const { socket, head, headers: asked, response, idleMs, onEnd } = this.upgrade;
    core.on('error', () => undefined);
    const accept = createHash('sha1').update(`${String(asked['sec-websocket-key'])}${ACCEPT_SUFFIX}`).digest('base64');
    if (this.isFinished || status !== 101 || headers['sec-websocket-accept'] !== accept) {
      core.destroy();
      this.fail(new Refusal('bad_gateway', 'core-handshake'));
      return;
    }
    this.handOver();
    response.statusCode = status;
    response.detachSocket(socket as Parameters<ServerResponse['detachSocket']>[0]);
    socket.write(acceptance(headers));
    if (head.length > 0) core.write(head);
    relay(socket, core, idleMs);
    socket.once('close', onEnd);
  }
}

function acceptance(headers: IncomingHttpHeaders): string {
  const lines = ANSWERED.flatMap((name) => [headers[name] ?? []].flat().map((value) => `${name}: ${value}`));
  return ['HTTP/1.1 101 Switching Protocols', 'upgrade: websocket', 'connection: Upgrade', ...lines, '', ''].join('\r\n');
}

/** Until either side ends, breaks, or both are silent. A side that does not read stops the other, and is cut if it goes on. */
function relay(one: Duplex, other: Duplex, idleMs: number): void {
  const cut = (): void => {
    clearTimeout(idle);
    one.destroy();
    other.destroy();
  };
  const idle = setTimeout(cut, idleMs);
  const flow = (from: Duplex, to: Duplex): void => {
    let stalled: NodeJS.Timeout | undefined;
    from.on('data', (chunk: Buffer) => {
      idle.refresh();
      if (to.write(chunk)) return;
      from.pause();
      stalled = setTimeout(cut, idleMs);
    });
    to.on('drain', () => {
      clearTimeout(stalled);
      idle.refresh();
      from.resume();
    });
    from.on('end', () => to.end()).on('error', cut).on('close', () => {
      clearTimeout(stalled);
      // What it said last is still on its way; what it is told has nobody to hear it.
      if (from.readableEnded) to.end(cut);
      else cut();
    });
  };
  flow(one, other);
  flow(other, one);
}
