import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { GateConfiguration } from '../../gate/contract';
import { answerHeaders } from './answer-headers';
import { announcedBody, CappedBody } from './capped-body';
import type { CoreProxy, Forwarding } from './core-proxy';
import type { Arrival, Guard } from './guard';
import type { OpenRequests } from './open-requests';
import type { Clock, Log } from './ports';
import { onlyValue, receivedHeaders } from './received-headers';
import { Refusal } from './refusal';
import { answerOf } from './refusal-answer';
import { requestIdOf } from './request-id';
import { endAnswer, leavesBody, sendAnswer } from './send-answer';
import type { AnswersUnderWay } from './socket-faults';
import { handshakeOf, WebSocketExchange } from './web-socket';

export interface RequestHandlerParts {
  readonly configuration: GateConfiguration;
  readonly guard: Guard;
  readonly proxy: CoreProxy;
  readonly open: OpenRequests;
  readonly answers: AnswersUnderWay;
  readonly log: Log;
  readonly clock: Clock;
}

interface Upgrade {
  readonly socket: Socket;
  readonly head: Buffer;
}

/** One request, with what belongs to it while it is under way. */
interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly arrival: Arrival;
  readonly upgrade?: Upgrade;
  /** To be called once it is over, with what the log says of it beside its status. */
  readonly settle: () => void;
  /** For the log: why it was refused. */
  reason?: string;
  /** Not worth a line: health checks. */
  isQuiet?: boolean;
}

/** Takes each request from its socket to its answer: the guard decides, the proxy carries. */
export class RequestHandler {
  /** Whether connections are told that their answer is the last. */
  public isDraining = false;
  /** Whether nobody is let in any more. */
  public isStopped = false;

  private readonly upgrades = new WeakMap<IncomingMessage, Upgrade>();
  private readonly expectations = new WeakSet<IncomingMessage>();

  public constructor(private readonly parts: RequestHandlerParts) {}

  /** A request whose caller waits to hear whether to send its body: he hears it once the guard has let him through. */
  public takeExpectation(request: IncomingMessage): void {
    this.expectations.add(request);
  }

  /** Gives a request for another protocol a response, so that it takes the way of all. */
  public takeUpgrade(request: IncomingMessage, socket: Socket, head: Buffer, listener: (request: IncomingMessage, response: ServerResponse) => void): void {
    socket.on('error', () => socket.destroy());
    this.upgrades.set(request, { socket, head });
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.once('finish', () => socket.end(() => socket.destroy()));
    this.parts.answers.begin(socket, response, () => {
      // Node's clock for connections without a request, which an answer in front may have wound.
      socket.setTimeout(0);
      response.assignSocket(socket);
      listener(request, response);
    });
  }

  /** @param request of which Fastify has kept the target in `originalUrl` */
  public take(request: IncomingMessage & { readonly originalUrl?: string }, response: ServerResponse): void {
    const received = receivedHeaders(request.rawHeaders);
    const upgrade = this.upgrades.get(request);
    const { method = '', originalUrl: url = '', rawHeaders, httpVersion } = request;
    const arrival: Arrival = { method, url, rawHeaders, httpVersion, received, requestId: requestIdOf(received), isUpgrade: upgrade !== undefined };
    const exchange: Exchange = { request, response, arrival, upgrade, settle: this.settling(() => exchange) };
    // Where nobody listens, these would end the process.
    request.on('error', () => undefined);
    response.on('error', () => undefined).once('close', exchange.settle);
    this.pass(exchange).catch((error: unknown) => this.refuse(exchange, error));
  }

  private async pass(exchange: Exchange): Promise<void> {
    const { request, response, arrival } = exchange;
    const admission = await this.parts.guard.admit(arrival, this.isDraining);
    // The caller has gone meanwhile.
    if (response.destroyed) return;
    if (admission.kind === 'forward') {
      this.forward(exchange, admission.headers);
      return;
    }
    exchange.isQuiet = true;
    sendAnswer(request, response, admission.answer, this.isDraining);
  }

  private forward(exchange: Exchange, headers: Forwarding['headers']): void {
    const { request, response, arrival: { method, url, received, requestId }, upgrade, settle } = exchange;
    const { configuration: { limits }, proxy, guard } = this.parts;
    const announced = announcedBody(request);
    if ((announced?.bytes ?? 0) > limits.maxBodyBytes) throw new Refusal('too_large', 'body-announced-too-large');
    const cors = guard.cors.headersFor(onlyValue(received, 'origin'));
    const forwarding: Forwarding = {
      method,
      target: url,
      headers,
      response,
      idleMs: limits.idleTimeoutSeconds * 1000,
      writeHead: (status, core) => {
        if (this.isDraining || leavesBody(request)) response.shouldKeepAlive = false;
        response.writeHead(status, answerHeaders(core, requestId, cors));
      },
      end: () => endAnswer(request, response),
      refuse: (refusal, status) => this.refuse(exchange, refusal, status),
    };
    if (upgrade) {
      const handshake = handshakeOf(received);
      proxy.upgrade(new WebSocketExchange({ ...forwarding, headers: { ...headers, ...handshake }, ...upgrade, onEnd: settle }));
      return;
    }
    if (this.expectations.has(request)) response.writeContinue();
    proxy.forward(forwarding, announced && ((onProgress): CappedBody => new CappedBody(request, limits.maxBodyBytes, onProgress)));
  }

  /** @param status in place of the refusal's */
  private refuse(exchange: Exchange, error: unknown, status?: number): void {
    const { request, response, arrival: { received, requestId } } = exchange;
    const refusal = error instanceof Refusal ? error : new Refusal('internal', 'unexpected');
    exchange.reason = refusal.reason;
    if (response.destroyed) return;
    const answer = answerOf(refusal, requestId, this.parts.guard.cors.headersFor(onlyValue(received, 'origin')));
    sendAnswer(request, response, status === undefined ? answer : { ...answer, status }, this.isDraining);
  }

  /** Counts a request as open until it is over, and then says so in the log. */
  private settling(exchangeOf: () => Exchange): () => void {
    const { log, clock, open } = this.parts;
    const startedAt = clock();
    const end = open.begin();
    let isSettled = false;
    return () => {
      if (isSettled) return;
      isSettled = true;
      end();
      const { response, arrival: { requestId }, reason, isQuiet } = exchangeOf();
      if (isQuiet) return;
      // An answer that nobody got whole has no other reason than that somebody hung up.
      const code = reason ?? (response.writableFinished || response.statusCode === 101 ? undefined : 'cut');
      const line = { event: 'request', requestId, code, status: response.headersSent || response.statusCode === 101 ? response.statusCode : undefined, durationMs: clock() - startedAt };
      if (code === undefined) log.info(line);
      else log.warn(line);
    };
  }
}
