import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import type { CappedBody } from './capped-body';
import type { Forwarding } from './core-proxy';
import { Refusal, type RefusalCode } from './refusal';

/** What a caller is told where the Core answers so; its own words may hold anything (RC-20). */
const FAULTS: Readonly<Record<number, RefusalCode>> = { 500: 'internal', 501: 'internal', 502: 'bad_gateway', 503: 'unavailable', 504: 'upstream_timeout' };

/** When to come back, where nobody knows: a task that is replaced takes about as long. */
const RETRY_AFTER = { 'retry-after': '5' } as const;

const NOTHING = Buffer.alloc(0);

/** Answers without a body, whatever their headers say (RFC 9110, 6.4.1). */
const BODILESS = new Set([204, 304]);

/** One request to the Core and its answer, with back-pressure both ways; ends both sides when either does. */
export class CoreExchange implements Dispatcher.DispatchHandler {
  private controller?: Dispatcher.DispatchController;
  private head?: { readonly status: number; readonly headers: IncomingHttpHeaders };
  private isOver = false;
  private readonly idle: NodeJS.Timeout;

  private body?: CappedBody;

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

  public onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller;
    if (this.isOver) controller.abort(new Error('over'));
  }

  public onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.progress();
    // Interim answers are between the Core and the gate.
    if (status < 200 || this.isOver) return;
    if (status >= 500) {
      const code = FAULTS[status] ?? 'bad_gateway';
      this.fail(new Refusal(code, `core-answered-${code}`, status === 503 ? RETRY_AFTER : {}), status === 501 ? status : undefined);
      return;
    }
    this.head = { status, headers };
    if (BODILESS.has(status)) {
      // undici waits for the length that a 304 may name, and fails.
      this.onResponseEnd();
      this.end();
      return;
    }
    // What came with it is known by then: an answer without a body gets a length, and a stream's head goes out before its first byte.
    setImmediate(() => this.begin());
  }

  public onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.progress();
    this.begin();
    const { response } = this.forwarding;
    if (this.isOver || response.write(chunk)) return;
    controller.pause();
    response.once('drain', () => {
      this.progress();
      controller.resume();
    });
  }

  public onResponseEnd(): void {
    if (this.isOver) return;
    this.begin(true);
    if (this.isFinished) return;
    // An answer before the end of its request: the Core hears no more of it.
    this.body?.destroy();
    this.forwarding.end();
  }

  public onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.isOver) return;
    if (error instanceof Refusal) this.fail(error);
    // Before a connection was there, nothing was sent, and it is worth trying again.
    else if (!this.controller) this.fail(new Refusal('unavailable', 'core-not-reached', RETRY_AFTER));
    else this.fail(new Refusal('bad_gateway', 'core-answer-broken'));
  }

  /** Whether nobody waits for the Core any more. */
  protected get isFinished(): boolean {
    return this.isOver;
  }

  /** An answer that has begun is cut, so that nobody takes it for whole. */
  protected fail(refusal: Refusal, status?: number): void {
    if (this.isOver) return;
    this.end();
    if (this.forwarding.response.headersSent) this.forwarding.response.destroy();
    else this.forwarding.refuse(refusal, status);
  }

  /** Nothing is left to do here: others have the connections. */
  protected handOver(): void {
    clearTimeout(this.idle);
    this.isOver = true;
    this.forwarding.response.off('close', this.end);
  }

  private begin(isEmpty = false): void {
    const { response, writeHead } = this.forwarding;
    if (this.isOver || response.headersSent || !this.head) return;
    const { status, headers } = this.head;
    const length = isEmpty && headers['content-length'] === undefined && this.forwarding.method !== 'HEAD' && !BODILESS.has(status) ? '0' : headers['content-length'];
    try {
      // RFC 9110, 8.6: a 204 has no length; whoever believes one waits for what is the next answer.
      writeHead(status, { ...headers, 'content-length': status === 204 ? undefined : length });
      // Goes out with it. `flushHeaders` would write as UTF-8 what came as Latin-1.
      if (!isEmpty) response.write(NOTHING);
    } catch {
      // Node does not send every header that undici reads.
      this.fail(new Refusal('bad_gateway', 'core-answer-unsendable'));
    }
  }

  private onSilence(): void {
    const { body } = this;
    this.fail(body && !body.readableEnded ? new Refusal('timeout', 'caller-silent') : new Refusal('upstream_timeout', 'core-silent'));
  }

  private readonly end = (): void => {
    clearTimeout(this.idle);
    if (this.isOver) return;
    this.isOver = true;
    this.controller?.abort(new Error('over'));
    this.body?.destroy();
  };
}
