import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Certificate } from '../certificate';
import type { GateMetrics } from './create';

/** Nobody but a scraper or two has a reason to be here. */
const MAX_CONNECTIONS = 16;
/** For handshake, headers and body, and for silence: Prometheus itself gives up after 10 s (its documentation, `scrape_timeout`). */
const TIMEOUT_MS = 10_000;
const MAX_HEADER_BYTES = 8192;

export interface MetricsServerProps {
  /** 0: any that is free. */
  readonly port: number;
  readonly host: string;
  readonly certificate: Certificate;
}

export interface MetricsServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Answers `GET /metrics` in Prometheus's text format, and nothing else. No target group has its port, and only who may reach the port can ask (CX-56). */
export async function serveMetrics({ registry }: GateMetrics, { port, host, certificate: { key, cert } }: MetricsServerProps): Promise<MetricsServer> {
  const server = createServer({
    key,
    cert,
    minVersion: 'TLSv1.2',
    maxHeaderSize: MAX_HEADER_BYTES,
    handshakeTimeout: TIMEOUT_MS,
    headersTimeout: TIMEOUT_MS,
    requestTimeout: TIMEOUT_MS,
    connectionsCheckingInterval: 1000,
  }, (request, response) => void answer(request, response));
  server.maxConnections = MAX_CONNECTIONS;
  server.timeout = TIMEOUT_MS;
  // Node's own answer to what is no HTTP says nothing of us, and what is no TLS gets none; without a listener both are closed all the same.
  server.on('tlsClientError', (_error, socket) => socket.destroy());
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    // Bodies are not read.
    if (request.headers['content-length'] !== undefined || request.headers['transfer-encoding'] !== undefined) response.shouldKeepAlive = false;
    if (request.method !== 'GET' || request.url !== '/metrics') return void response.writeHead(404).end();
    try {
      const text = await registry.metrics();
      response.writeHead(200, { 'content-type': registry.contentType, 'cache-control': 'no-store' }).end(text);
    } catch {
      response.writeHead(500).end();
    }
  };
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, resolve);
  });
  // One that is closed by its other side must not end the process.
  server.removeAllListeners('error').on('error', () => undefined);
  return {
    port: (server.address() as AddressInfo).port,
    stop: () => new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}
