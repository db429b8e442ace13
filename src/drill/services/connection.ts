import { once } from 'node:events';
import { connect as connectTcp, isIP, isIPv6, type Socket } from 'node:net';
import { addAbortSignal } from 'node:stream';
import { connect as connectTls, createSecureContext, type SecureContext } from 'node:tls';
import type { WireRequest } from '../scene';

/** Where a listener is met on this machine, and how. */
export interface WireAddress {
  readonly host: string;
  readonly port: number;
  /** The authority that must vouch for the listener; absent for plain text. */
  readonly serverCaPem?: string;
}

/** Who connects, and which server he asks for. */
export interface Caller extends Pick<WireRequest, 'from' | 'client'> {
  readonly serverName?: string;
}

/** Letters, digits and hyphens in labels, the last of which is no number. */
const DNS_NAME = /^(?=.{1,253}$)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Connects as far as bytes of an application can be sent. Throws what the connection failed with, and where somebody else has taken the edge's place. */
export async function connectTo(to: WireAddress, caller: Caller, signal: AbortSignal): Promise<Socket> {
  const plain = connectTcp({ host: to.host, port: to.port, signal, noDelay: true });
  await once(plain, 'connect');
  // An error between two steps has no listener; whoever comes next meets the closed socket.
  plain.on('error', () => undefined);
  if (caller.from !== undefined) plain.write(proxyLine(caller.from, plain));
  return to.serverCaPem === undefined ? plain : secured(plain, to.serverCaPem, caller, signal);
}

async function secured(plain: Socket, ca: string, { serverName, client }: Caller, signal: AbortSignal): Promise<Socket> {
  const socket = addAbortSignal(signal, connectTls({
    socket: plain,
    secureContext: contextFor(ca, client),
    servername: serverName,
    // No certificate holds for every name that a template may ask for. The authority is made for one drill, kept in memory and has signed
    // for one server: whoever shows its certificate is the edge.
    checkServerIdentity: () => undefined,
  }));
  try {
    await once(socket, 'secureConnect');
  } catch (error) {
    plain.destroy();
    // Node sets it where the chain does not verify, and leaves it null, whatever its type says, where the handshake fails otherwise.
    const foreign: unknown = socket.authorizationError;
    if (typeof foreign === 'string') throw new Error(`The listener showed a certificate that is not the drill's (${foreign}).`, { cause: error });
    throw error;
  }
  socket.on('error', () => undefined);
  return socket;
}

/** Those who show no certificate have one in common, for a drill connects thousands of times. */
const withoutCertificate = new Map<string, SecureContext>();

function contextFor(ca: string, client: Caller['client']): SecureContext {
  if (client !== undefined) return createSecureContext({ ca, cert: client.certificatePem, key: client.privateKeyPem });
  const context = withoutCertificate.get(ca) ?? createSecureContext({ ca });
  withoutCertificate.set(ca, context);
  return context;
}

/** The name in a host header, where a handshake can carry it. */
export function serverNameOf(host: string | undefined): string | undefined {
  const name = host?.replace(/:\d*$/, '') ?? '';
  return isIP(name) === 0 && DNS_NAME.test(name) ? name : undefined;
}

/** Version 1 of the PROXY protocol (haproxy.org, proxy-protocol.txt, section 2.1): a line that says who is really calling. */
export function proxyLine(from: string, { localPort = 0, remotePort = 0 }: Socket): string {
  const [family, destination] = isIPv6(from) ? ['TCP6', '::1'] : ['TCP4', '127.0.0.1'];
  return `PROXY ${family} ${from} ${destination} ${localPort} ${remotePort}\r\n`;
}
