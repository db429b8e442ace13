import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import Fastify, { type FastifyInstance } from 'fastify';
import type { GateConfiguration } from '../../gate/contract';
import { createCertificate, type Certificate } from './certificate';
import { CoreProxy, MAX_HEADER_BYTES } from './core-proxy';
import { drainGate, ended } from './drain';
import { Guard } from './guard';
import { CoreHealth } from './health';
import { OpenRequests } from './open-requests';
import type { Audit, Authenticator, Clock, Limiter, Metrics, Revocations } from './ports';
import type { GateSecrets } from './read-configuration';
import { Refusal } from './refusal';
import { RequestHandler } from './request-handler';
import { answerFault, AnswersUnderWay, refuseSocket } from './socket-faults';
import { Trail } from './trail';

/** How often Node looks for connections that are too slow (its default is 30 s): a limit of 10 s is to mean 10. */
const CHECK_INTERVAL_MS = 1000;

/** How long callers may take to read the end of their answers when the gate goes. */
const FLUSH_MS = 1000;

export interface GateParts {
  readonly configuration: GateConfiguration;
  readonly secrets: Pick<GateSecrets, 'coreKey'>;
  readonly authenticator: Authenticator;
  readonly revocations: Revocations;
  readonly limiter: Limiter;
  readonly audit: Audit;
  readonly metrics: Metrics;
  /** @default - the machine's */
  readonly clock?: Clock;
}

export interface RunningGate {
  readonly port: number;
  /** Lets what is under way end, for as long as the configuration says, cuts the rest, and stops. Then all of it is recorded, and every lease released. */
  drain(): Promise<void>;
  /** Cuts everything. */
  stop(): Promise<void>;
}

/** In `local` nobody but this machine is served; a task has an address of its own. */
export function listeningHost(profile: GateConfiguration['profile']): string {
  return profile === 'local' ? '127.0.0.1' : '0.0.0.0';
}

/** Listens. Whatever arrives goes through the one guard, and what it lets through to the one Core. */
export async function startGate({ configuration, clock = Date.now, ...parts }: GateParts): Promise<RunningGate> {
  const certificate = await createCertificate(clock());
  const sockets = new Set<Duplex>();
  const open = new OpenRequests();
  const trail = new Trail({ clock, ...parts });
  const answers = new AnswersUnderWay(trail);
  const health = new CoreHealth(configuration.core.port, configuration.core.healthCheckPath, clock);
  const proxy = new CoreProxy(configuration.core.port);
  const guard = new Guard({ configuration, health, ...parts });
  const handler = new RequestHandler({ configuration, guard, proxy, open, answers, trail, ...parts });
  open.judgeBy(parts.revocations, parts.metrics);
  const app = fastify(handler, (frame) => {
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      // Of one that is not taken nobody else listens, and an error would end the process.
      request.on('error', () => undefined);
      answers.begin(request.socket, response, () => frame(request, response));
    };
    const server = createGateServer(configuration, certificate, listener);
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => answerFault(error, socket, answers));
    // It asks to become a tunnel, which is a method that we do not have.
    server.on('connect', (_request: IncomingMessage, socket: Duplex) => refuseSocket(new Refusal('method_not_allowed', 'method'), socket, answers));
    server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => handler.takeUpgrade(request, socket, head, frame));
    server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
      handler.takeExpectation(request);
      listener(request, response);
    });
    // Node would answer these by itself; the guard refuses them.
    server.on('checkExpectation', listener);
    for (const event of ['connection', 'secureConnection'] as const) {
      server.on(event, (socket: Socket) => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
        if (handler.isStopped) socket.destroy();
      });
    }
    return server;
  });
  await app.listen({ port: configuration.port, host: listeningHost(configuration.profile) });
  const stop = async (): Promise<void> => {
    handler.isStopped = true;
    const closed = app.close();
    for (const socket of sockets) socket.destroy();
    await closed;
    await Promise.all([proxy.close(), health.close()]);
    await ended(open.whenNone(), FLUSH_MS);
  };
  return {
    port: (app.server.address() as AddressInfo).port,
    drain: async () => {
      handler.isDraining = true;
      app.server.closeIdleConnections();
      await drainGate(open, configuration.limits.drainSeconds);
      handler.isStopped = true;
      await flushed([...sockets].filter((socket) => socket instanceof TLSSocket));
      await stop();
    },
    stop,
  };
}

/** Until the last answers are out: what Node calls finished may still wait to be encrypted. */
async function flushed(sockets: readonly TLSSocket[]): Promise<void> {
  const closed = sockets.map(async (socket) => {
    if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  });
  for (const socket of sockets) socket.destroySoon();
  await ended(Promise.all(closed), FLUSH_MS);
}

/**
 * Fastify as the frame alone: it has no route to choose, no body to parse and no path to decode.
 *
 * Its router sees `/` whatever was asked, and every request is taken in the first hook, before parsers: its own answers, to what it does not know, to
 * errors and while it closes, are never reached.
 */
function fastify(handler: RequestHandler, serverFactory: (listener: (request: IncomingMessage, response: ServerResponse) => void) => Server): FastifyInstance<Server> {
  const app = Fastify<Server>({
    logger: false,
    serverFactory,
    rewriteUrl: () => '/',
    return503OnClosing: false,
    // Answered by socket-faults.ts; Fastify's own would be a second answer.
    clientErrorHandler: () => undefined,
    forceCloseConnections: true,
  });
  app.addHook('onRequest', (request, reply) => {
    reply.hijack();
    handler.take(request.raw, reply.raw);
  });
  return app;
}

function createGateServer({ limits }: GateConfiguration, { key, cert }: Certificate, listener: (request: IncomingMessage, response: ServerResponse) => void): Server {
  const requestTimeout = limits.requestTimeoutSeconds * 1000;
  const headersTimeout = Math.min(limits.headersTimeoutSeconds * 1000, requestTimeout);
  const server = createServer({
    key,
    cert,
    // Load balancers check the health of targets with TLS 1.2 alone (AWS re:Post, "HTTPS health checks"); requests come by 1.3.
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: headersTimeout,
    headersTimeout,
    requestTimeout,
    connectionsCheckingInterval: CHECK_INTERVAL_MS,
    keepAliveTimeout: limits.keepAliveSeconds * 1000,
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
    // Refused by the guard, in words of ours.
    requireHostHeader: false,
  }, listener);
  server.maxConnections = limits.maxConnections;
  // Node leaves out headers beyond its limit without a word; there is a limit in bytes, and one in the guard.
  server.maxHeadersCount = 0;
  server.maxRequestsPerSocket = 0;
  server.timeout = 0;
  return server;
}
