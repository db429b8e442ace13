import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Dispatcher } from 'undici';
import { CoreExchange } from './core-exchange';
import { CoreFault } from './core-fault';
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

/** A connection that wants to be a WebSocket. */
export interface UpgradedConnection {
  readonly socket: Duplex;
  /** What the caller sent behind his request. */
  readonly head: Buffer;
}

/** Who hears of what is relayed. */
export interface Relaying {
  readonly onAccepted: () => void;
  readonly onRelayed: (direction: 'in' | 'out', bytes: number) => void;
  /** Called once nothing more is relayed. @param reason absent where one of the two has ended it */
  readonly onEnd: (reason?: string) => void;
}

export interface UpgradeForwarding extends Forwarding, UpgradedConnection, Relaying {}

/**
 * Asks the Core for a WebSocket and, once it agrees, lets bytes through both ways; whatever else it answers goes back as the answer that it is.
 *
 * The agreement holds what belongs to it alone, and so nothing about budgets: no browser shows its headers to a page.
 */
export class WebSocketExchange extends CoreExchange {
  private cut?: () => void;

  public constructor(private readonly upgrade: UpgradeForwarding) {
    super(upgrade);
  }

  public override abandon(): void {
    super.abandon();
    this.cut?.();
  }

  public onRequestUpgrade(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders, core: Duplex): void {
    const { socket, head, headers: asked, response, idleMs, onAccepted, onRelayed, onEnd } = this.upgrade;
    core.on('error', () => undefined);
    const accept = createHash('sha1').update(`${String(asked['sec-websocket-key'])}${ACCEPT_SUFFIX}`).digest('base64');
    if (this.isFinished || status !== 101 || headers['sec-websocket-accept'] !== accept) {
      core.destroy();
      this.fail(new CoreFault('bad_gateway', 'core-handshake'));
      return;
    }
    this.handOver();
    response.statusCode = status;
    response.detachSocket(socket as Parameters<ServerResponse['detachSocket']>[0]);
    onAccepted();
    socket.write(acceptance(headers));
    if (head.length > 0) {
      onRelayed('in', head.length);
      core.write(head);
    }
    let ended: string | undefined;
    this.cut = relay(socket, core, idleMs, { onRelayed, onEnd: (reason) => { ended = reason; } });
    socket.once('close', () => onEnd(ended));
  }
}

function acceptance(headers: IncomingHttpHeaders): string {
  const lines = ANSWERED.flatMap((name) => [headers[name] ?? []].flat().map((value) => `${name}: ${value}`));
  return ['HTTP/1.1 101 Switching Protocols', 'upgrade: websocket', 'connection: Upgrade', ...lines, '', ''].join('\r\n');
}

/**
 * Until either side ends, breaks, or both are silent. A side that does not read stops the other, and is cut if it goes on.
 *
 * @returns what cuts both
 */
function relay(caller: Duplex, core: Duplex, idleMs: number, { onRelayed, onEnd }: Pick<Relaying, 'onRelayed' | 'onEnd'>): () => void {
  // The first thing that happens says how it ended.
  let isEnding = false;
  const ending = (reason?: string): void => {
    if (!isEnding) onEnd(reason);
    isEnding = true;
  };
  const cut = (reason?: string): void => {
    ending(reason);
    clearTimeout(idle);
    caller.destroy();
    core.destroy();
  };
  const idle = setTimeout(() => cut('web-socket-silent'), idleMs);
  const flow = (from: Duplex, to: Duplex, direction: 'in' | 'out', broken: string): void => {
    let stalled: NodeJS.Timeout | undefined;
    from.on('data', (chunk: Buffer) => {
      idle.refresh();
      onRelayed(direction, chunk.length);
      if (to.write(chunk)) return;
      from.pause();
      stalled = setTimeout(() => cut('web-socket-stalled'), idleMs);
    });
    to.on('drain', () => {
      clearTimeout(stalled);
      idle.refresh();
      from.resume();
    });
    from.on('end', () => {
      ending();
      to.end();
    }).on('error', () => cut(broken)).on('close', () => {
      clearTimeout(stalled);
      // What it said last is still on its way; what it is told has nobody to hear it.
      if (from.readableEnded) to.end(() => cut());
      else cut(broken);
    });
  };
  flow(caller, core, 'in', 'caller-gone');
  flow(core, caller, 'out', 'core-gone');
  return cut;
}
