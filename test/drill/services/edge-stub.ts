import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';

/** What an edge is to the wire: it takes a PROXY line or none, a handshake or none, and then HTTP. */
export interface EdgeStub {
  readonly port: number;
  /** PROXY lines, in the order of the connections that began with one. */
  readonly proxyLines: readonly string[];
  /** Server names that handshakes asked for; false where one asked for none. */
  readonly serverNames: readonly (string | false)[];
  readonly requests: readonly IncomingMessage[];
  stop(): Promise<void>;
}

export async function startEdgeStub(answer: RequestListener, tls?: TlsOptions): Promise<EdgeStub> {
  const proxyLines: string[] = [];
  const serverNames: (string | false)[] = [];
  const requests: IncomingMessage[] = [];
  const open = new Set<Socket>();
  const http = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  const secure = tls && createTlsServer(tls, (socket) => {
    serverNames.push(socket.servername ?? false);
    http.emit('connection', socket);
  });
  const server = createTcpServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.once('data', (first: Buffer) => {
      const end = first.indexOf('\r\n') + 2;
      const hasLine = first.subarray(0, 6).toString() === 'PROXY ';
      if (hasLine) proxyLines.push(first.subarray(0, end).toString());
      socket.pause();
      const rest = hasLine ? first.subarray(end) : first;
      if (rest.length > 0) socket.unshift(rest);
      (secure ?? http).emit('connection', socket);
      // The handshake reads what has been put back by itself.
      if (secure === undefined) socket.resume();
    });
  });
  secure?.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    proxyLines,
    serverNames,
    requests,
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      for (const socket of open) socket.destroy();
    }),
  };
}
