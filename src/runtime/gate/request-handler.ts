import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { announcedBody } from './capped-body';
import { Exchange, type ExchangeParts } from './exchange';
import type { Arrival } from './guard';
import type { Audit } from './ports';
import { receivedHeaders } from './received-headers';
import { Refusal } from './refusal';
import { requestIdOf } from './request-id';
import { sendAnswer } from './send-answer';
import type { AnswersUnderWay } from './socket-faults';
import type { UpgradedConnection } from './web-socket';

export interface RequestHandlerParts extends Omit<ExchangeParts, 'isDraining'> {
  readonly answers: AnswersUnderWay;
  readonly audit: Audit;
}

/** Takes each request from its socket to its answer: the guard decides, the proxy carries. */
export class RequestHandler {
  /** Whether connections are told that their answer is the last. */
  public isDraining = false;
  /** Whether nobody is let in any more. */
  public isStopped = false;

  private readonly upgrades = new WeakMap<IncomingMessage, UpgradedConnection>();
  private readonly expectations = new WeakSet<IncomingMessage>();
  private readonly parts: RequestHandlerParts & ExchangeParts;

  public constructor(parts: RequestHandlerParts) {
    this.parts = { ...parts, isDraining: () => this.isDraining };
  }

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
    const { guard, answers } = this.parts;
    const received = receivedHeaders(request.rawHeaders);
    const upgrade = this.upgrades.get(request);
    const { method = '', originalUrl: url = '', rawHeaders, httpVersion } = request;
    const arrival: Arrival = {
      method, url, rawHeaders, httpVersion, received, requestId: requestIdOf(received), isUpgrade: upgrade !== undefined, announcedBytes: announcedBody(request)?.bytes,
    };
    if (guard.isHealthCheck(arrival)) {
      void this.answerHealth(request, response, arrival.requestId);
      return;
    }
    const exchange = new Exchange({ request, response, arrival, upgrade, isExpecting: this.expectations.has(request) }, this.parts);
    answers.own(response, exchange);
    this.pass(arrival, exchange).catch((error: unknown) => exchange.refuse(error instanceof Refusal ? error : new Refusal('internal', 'unexpected')));
  }

  /** No record is made of it, so it waits for no room: a load balancer that gets no answer takes the gate for dead. */
  private async answerHealth(request: IncomingMessage, response: ServerResponse, requestId: string): Promise<void> {
    request.on('error', () => undefined);
    response.on('error', () => undefined);
    const answer = await this.parts.guard.health(requestId, this.isDraining);
    if (!response.destroyed) sendAnswer(request, response, answer, this.isDraining);
  }

  private async pass(arrival: Arrival, exchange: Exchange): Promise<void> {
    const room = this.parts.audit.room();
    if (room) await room;
    if (exchange.isOver()) return;
    const admission = await this.parts.guard.admit(arrival, exchange);
    if (admission?.kind === 'forward') exchange.hold(admission.grant);
    if (!admission || exchange.isOver()) return;
    if (admission.kind === 'forward') exchange.forward(admission.headers);
    else exchange.answer(admission.answer);
  }
}
