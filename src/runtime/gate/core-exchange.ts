import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { CappedBody } from './capped-body';
import { CoreFault } from './core-fault';
import type { Forwarding } from './core-proxy';
import { Refusal, type RefusalCode } from './refusal';

/** What a caller is told where the Core answers so; its own words may hold anything (RC-20). */
const FAULTS: Readonly<Record<number, RefusalCode>> = { 500: 'internal', 501: 'internal', 502: 'bad_gateway', 503: 'unavailable', 504: 'upstream_timeout' };

const NOTHING = Buffer.alloc(0);

/** Heard by nobody but undici. One for all: every exchange ends with it, and an error of its own would cost each the making of a stack trace. */
const OVER = new Error('over');

/** Answers without a body, whatever their headers say (RFC 9110, 6.4.1). */
const BODILESS = new Set([204, 304]);

/** HTML Living Standard, "Server-sent events": what a stream of events says of itself, with or without parameters. */
const EVENT_STREAM = /^\s*text\/event-stream\s*(?:;|$)/i;

/** One request to the Core and its answer, with back-pressure both ways; ends both sides when either does. */
export class CoreExchange implements Dispatcher.DispatchHandler {
  private controller?: Dispatcher.DispatchController;
  private head?: { readonly status: number; readonly headers: IncomingHttpHeaders };
  private isOver = false;
  /** Whether it is not known yet if the answer may begin. */
  private isHeld = false;
  /** Whether it is the caller who does not read. */
  private waitsForCaller = false;
  private body?: CappedBody;
  private readonly idle: NodeJS.Timeout;

  public constructor(public readonly forwarding: Forwarding) {
    this.idle = setTimeout(() => this.onSilence(), forwarding.idleMs);
    // Once the answer is gone, or the caller is.
    forwarding.response.once('close', this.end);
  }

  /** Something moved, on either side. */
  public readonly progress = (): void => {
    this.idle.refresh();
  };

  /** Names the body that goes to the Core, so that it ends with this. */
  public send(body: CappedBody): void {
    this.body = body;
  }

  /** Nobody waits for it any more. */
  public abandon(): void {
    this.end();
  }

  public onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isOver) controller.abort(OVER);
  }

  public onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    // Interim answers are between the Core and the gate, and no sign of an answer: a Core that sends nothing else is silent.
    if (status < 200 || this.isOver) return;
    this.progress();
    if (status >= 500) {
      const code = FAULTS[status] ?? 'bad_gateway';
      this.fail(new CoreFault(code, `core-answered-${code.replaceAll('_', '-')}`, status === 501 ? status : undefined));
      return;
    }
    // Two types are read differently by two programs, and whether it is a stream would be anybody's guess. undici gives what is there twice as a list.
    if (typeof headers['content-type'] === 'object') {
      this.fail(new CoreFault('bad_gateway', 'core-answer-unsendable'));
      return;
    }
    this.head = { status, headers };
    if (BODILESS.has(status)) {
      // undici waits for the length that a 304 may name, and fails.
      this.onResponseEnd();
      this.end();
      return;
    }
    const { lease, method } = this.forwarding;
    if (lease && method !== 'HEAD' && EVENT_STREAM.test(headers['content-type'] ?? '')) void this.hold(controller, lease);
    // What came with it is known by then: an answer without a body gets a length, and a stream's head goes out before its first byte.
    else setImmediate(() => this.begin());
  }

  public onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.progress();
    this.begin();
    if (this.isOver) return;
    const { response, onChunk } = this.forwarding;
    onChunk(chunk);
    if (response.write(chunk)) return;
    controller.pause();
    this.waitsForCaller = true;
    response.once('drain', () => {
      this.waitsForCaller = false;
      this.progress();
      controller.resume();
    });
  }

  public onResponseEnd(): void {
    if (this.isOver) return;
    this.begin(true);
    if (this.isFinished) return;
    this.waitsForCaller = true;
    // An answer before the end of its request: the Core hears no more of it.
    this.body?.destroy();
    this.forwarding.end();
  }

  public onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.isOver) return;
    if (error instanceof Refusal) this.fail(error);
    // Before a connection was there, nothing was sent, and it is worth trying again.
    else if (!this.controller) this.fail(new CoreFault('unavailable', 'core-not-reached'));
    else this.fail(new CoreFault('bad_gateway', 'core-answer-broken'));
  }

  /** Whether nobody waits for the Core any more. */
  protected get isFinished(): boolean {
    return this.isOver;
  }

  protected fail(refusal: Refusal): void {
    if (this.isOver) return;
    this.end();
    this.forwarding.refuse(refusal);
  }

  /** Nothing is left to do here: others have the connections. */
  protected handOver(): void {
    clearTimeout(this.idle);
    this.isOver = true;
    this.forwarding.response.off('close', this.end);
  }

  /** Lets nothing of a stream out, and reads nothing of it, before it has its lease. */
  private async hold(controller: Dispatcher.DispatchController, lease: () => Promise<void>): Promise<void> {
    controller.pause();
    this.isHeld = true;
    try {
      await lease();
    } catch (error) {
      this.fail(error instanceof Refusal ? error : new Refusal('internal', 'unexpected'));
      return;
    }
    this.isHeld = false;
    this.begin();
    controller.resume();
  }

  private begin(isEmpty = false): void {
    const { response, writeHead } = this.forwarding;
    if (this.isOver || this.isHeld || response.headersSent || !this.head) return;
    const { status, headers } = this.head;
    const length = isEmpty && headers['content-length'] === undefined && this.forwarding.method !== 'HEAD' && !BODILESS.has(status) ? '0' : headers['content-length'];
    try {
      // RFC 9110, 8.6: a 204 has no length; whoever believes one waits for what is the next answer.
      writeHead(status, { ...headers, 'content-length': status === 204 ? undefined : length });
      // Goes out with it. `flushHeaders` would write as UTF-8 what came as Latin-1.
      if (!isEmpty) response.write(NOTHING);
    } catch {
      // Node does not send every header that undici reads.
      this.fail(new CoreFault('bad_gateway', 'core-answer-unsendable'));
    }
  }

  private onSilence(): void {
    const { body } = this;
    const isCaller = this.waitsForCaller || (body !== undefined && !body.readableEnded);
    this.fail(isCaller ? new Refusal('timeout', 'caller-silent') : new CoreFault('upstream_timeout', 'core-silent'));
  }

  private readonly end = (): void => {
    clearTimeout(this.idle);
    if (this.isOver) return;
    this.isOver = true;
    this.controller?.abort(OVER);
    this.body?.destroy();
  };
}
