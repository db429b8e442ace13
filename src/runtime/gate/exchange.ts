import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { AuditOutcome } from '../../audit/contract';
import type { GateConfiguration } from '../../gate/contract';
import { answerHeaders } from './answer-headers';
import { usageReader } from './audit/answer-usage';
import { announcedBody, CappedBody } from './capped-body';
import { CoreFault } from './core-fault';
import { CoreExchange } from './core-exchange';
import type { CoreProxy, Forwarding } from './core-proxy';
import type { Arrival, Findings, Guard } from './guard';
import type { CutReason, OpenRequest, OpenRequests } from './open-requests';
import type { Grant, Identity, Lease, Limiter, Metrics } from './ports';
import { onlyValue } from './received-headers';
import { Refusal } from './refusal';
import { type Answer, answerOf } from './refusal-answer';
import { endAnswer, leavesBody, sendAnswer } from './send-answer';
import type { Trail } from './trail';
import { type Relaying, type UpgradedConnection, WebSocketExchange } from './web-socket';

export interface ExchangeParts {
  readonly configuration: GateConfiguration;
  readonly guard: Guard;
  readonly proxy: CoreProxy;
  readonly limiter: Limiter;
  readonly metrics: Metrics;
  readonly open: OpenRequests;
  readonly trail: Trail;
  /** Whether connections are told that their answer is the last. */
  readonly isDraining: () => boolean;
}

export interface ExchangeOf {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly arrival: Arrival;
  readonly upgrade?: UpgradedConnection;
  /** Whether the caller waits to hear that he may send his body. */
  readonly isExpecting: boolean;
}

/** What somebody is told whose request is cut before an answer began. */
const CUTS: Readonly<Record<CutReason, () => Refusal>> = {
  'revoked': () => new Refusal('unauthenticated', 'revoked'),
  'locked-down': () => new Refusal('locked_down', 'locked-down'),
  'lease-lost': () => new Refusal('rate_limited', 'lease-lost', { 'retry-after': '1' }),
  // Somewhere else, and at once: this gate is just not the one any more.
  'drained': () => new Refusal('unavailable', 'drained', { 'retry-after': '1' }),
};

/** One request from its arrival to its end: answered once, recorded once, and with its lease given back once, however it ends. */
export class Exchange implements OpenRequest, Findings {
  public identity?: Identity;
  public action: string;
  private lease?: Lease;
  private grantHeaders: Grant['headers'] = {};
  private usage?: ReturnType<typeof usageReader>;
  private core?: CoreExchange;
  private bytesIn = 0;
  private bytesOut = 0;
  /** Why it did not end well; a fixed word of ours. */
  private reason?: string;
  private isCoreFault = false;
  /** Whether something else than the Core's answer has been said, or begun to be. */
  private isDecided = false;
  private isSettled = false;
  private isRelayed = false;
  /** Of what was written past the response. */
  private rawStatus?: number;
  private readonly record: ReturnType<Trail['begin']>;

  public constructor(private readonly of: ExchangeOf, private readonly parts: ExchangeParts) {
    this.action = `${of.arrival.method} -`;
    this.record = parts.trail.begin();
    parts.open.begin(this);
    // Where nobody listens, these would end the process.
    of.request.on('error', () => undefined);
    of.response.on('error', () => undefined).once('close', this.settle);
    if (of.response.closed) this.settle();
  }

  /** Whether there is nothing more to do: it was answered or cut, or its caller has gone. */
  public isOver(): boolean {
    return this.isDecided || this.isSettled || this.of.response.destroyed;
  }

  /** Gives a grant's lease to this, which sees to its end, also where it comes too late. */
  public hold({ headers, lease }: Grant): void {
    this.grantHeaders = headers;
    if (!lease) return;
    if (this.isSettled) {
      lease.release();
      return;
    }
    this.lease = lease;
    if (lease.lost.aborted) this.onLost();
    else lease.lost.addEventListener('abort', this.onLost, { once: true });
  }

  /** Answers in the Core's place, and not because anything was wrong. */
  public answer(answer: Answer): void {
    if (this.isOver()) return;
    this.isDecided = true;
    this.send(answer);
  }

  public forward(headers: Forwarding['headers']): void {
    const { request, response, arrival: { method, url }, upgrade, isExpecting } = this.of;
    const { configuration: { limits }, proxy } = this.parts;
    const forwarding: Forwarding = {
      method,
      target: url,
      headers,
      response,
      idleMs: limits.idleTimeoutSeconds * 1000,
      lease: this.lease ? undefined : () => this.takeLease(),
      writeHead: (status, core) => this.writeHead(status, core),
      onChunk: (chunk) => {
        this.bytesOut += chunk.length;
        this.usage?.push(chunk);
      },
      end: () => {
        this.countRest();
        endAnswer(request, response);
      },
      refuse: (refusal) => this.refuse(refusal),
    };
    if (upgrade) {
      const exchange = new WebSocketExchange({ ...forwarding, ...upgrade, ...this.relaying() });
      this.core = exchange;
      proxy.upgrade(exchange);
      return;
    }
    const exchange = new CoreExchange(forwarding);
    this.core = exchange;
    if (isExpecting) response.writeContinue();
    const count = (bytes: number): void => {
      this.bytesIn += bytes;
      exchange.progress();
    };
    proxy.forward(exchange, announcedBody(request) && new CappedBody(request, limits.maxBodyBytes, count));
  }

  public cut(reason: CutReason): void {
    if (this.isOver()) return;
    if (this.lease && reason !== 'drained' && this.reason === undefined) this.parts.metrics.streamCut(reason);
    this.refuse(CUTS[reason]());
  }

  /** The first reason counts. An answer that has begun is cut, so that nobody takes it for whole. */
  public refuse(refusal: Refusal): void {
    const { response, arrival: { requestId, received } } = this.of;
    if (!this.fail(refusal) || response.destroyed || this.isRelayed) return;
    const { headers, ...answer } = answerOf(refusal, requestId, this.parts.guard.cors.headersFor(onlyValue(received, 'origin')));
    // Whoever has spent of his budget is told what is left, whatever came of it.
    this.send({ ...answer, headers: { ...this.grantHeaders, ...headers }, ...(refusal instanceof CoreFault && refusal.status !== undefined && { status: refusal.status }) });
  }

  /** Its connection broke in the middle of its request, and its caller is told so past its response. @param status absent where he is told nothing */
  public break(refusal: Refusal, status?: number): void {
    if (this.fail(refusal)) this.rawStatus = status;
  }

  private fail(refusal: Refusal): boolean {
    if (this.isDecided || this.isSettled) return false;
    this.isDecided = true;
    this.reason = refusal.reason;
    this.isCoreFault = refusal instanceof CoreFault;
    this.core?.abandon();
    return true;
  }

  private send(answer: Answer): void {
    const { request, response, arrival: { method } } = this.of;
    if (!response.headersSent && method !== 'HEAD') this.bytesOut += Buffer.byteLength(answer.body);
    this.countRest();
    sendAnswer(request, response, answer, this.parts.isDraining());
  }

  /** What still comes of a body that nobody reads any more. */
  private countRest(): void {
    const { request } = this.of;
    if (!request.complete && announcedBody(request)) request.on('data', (chunk: Buffer) => { this.bytesIn += chunk.length; });
  }

  private relaying(): Relaying {
    return {
      onAccepted: () => { this.isRelayed = true; },
      onRelayed: (direction, bytes) => {
        if (direction === 'in') this.bytesIn += bytes;
        else this.bytesOut += bytes;
      },
      onEnd: (reason) => {
        this.reason ??= reason;
        this.settle();
      },
    };
  }

  private writeHead(status: number, core: IncomingHttpHeaders): void {
    const { request, response, arrival: { requestId, received } } = this.of;
    if (this.parts.isDraining() || leavesBody(request)) response.shouldKeepAlive = false;
    const usage = usageReader(core);
    response.writeHead(status, answerHeaders(core, requestId, this.parts.guard.cors.headersFor(onlyValue(received, 'origin')), this.grantHeaders));
    this.usage = usage;
  }

  private async takeLease(): Promise<void> {
    if (!this.identity) throw new Refusal('internal', 'unexpected');
    const lease = await this.parts.limiter.lease(this.identity);
    this.hold({ headers: this.grantHeaders, lease });
  }

  private readonly onLost = (): void => this.cut('lease-lost');

  private readonly settle = (): void => {
    if (this.isSettled) return;
    this.isSettled = true;
    const { open } = this.parts;
    const { identity, action, lease, usage, bytesIn, bytesOut } = this;
    // A signal may live longer than a stream, and would keep it.
    lease?.lost.removeEventListener('abort', this.onLost);
    lease?.release();
    const isWhole = this.of.response.writableFinished || this.isRelayed;
    this.reason ??= isWhole ? undefined : 'caller-gone';
    this.record({ requestId: this.of.arrival.requestId, identity, action, outcome: this.outcome(), reason: this.reason, status: this.status(), bytesIn, bytesOut,
      isStream: lease !== undefined, usage: usage?.read() ?? {} });
    open.end(this);
  };

  private status(): number | undefined {
    const { headersSent, statusCode } = this.of.response;
    return this.rawStatus ?? (headersSent || this.isRelayed ? statusCode : undefined);
  }

  private outcome(): AuditOutcome {
    const isForwarded = this.core !== undefined;
    if (this.reason === undefined) return isForwarded ? 'served' : 'answered';
    // Whom nobody waited for any more, the gate has not refused.
    if (!isForwarded) return this.isDecided ? 'refused' : 'cut';
    return this.isCoreFault && !this.hasBegun ? 'failed' : 'cut';
  }

  /** Whether some of the Core's answer went out: nothing is known of the rest. */
  private get hasBegun(): boolean {
    return this.isRelayed || this.usage !== undefined;
  }
}
