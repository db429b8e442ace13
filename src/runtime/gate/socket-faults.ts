import type { ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { Refusal } from './refusal';
import { answerOf, rawAnswer } from './refusal-answer';
import { requestIdOf } from './request-id';
import { type Trail, UNREAD } from './trail';

/** What Node says of a request that it could not read, or not in time. Everything else is malformed. */
const REFUSAL_OF: Readonly<Record<string, () => Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: () => new Refusal('timeout', 'request-slow'),
  HPE_INVALID_EOF_STATE: () => new Refusal('bad_request', 'request-cut-short'),
  HPE_HEADER_OVERFLOW: () => new Refusal('headers_too_large', 'headers-too-large'),
};

/** What is under way on a connection, and hears of it where the connection breaks in the middle of its request. */
interface Breakable {
  /** @param status as its caller is told; absent where he is told nothing */
  break(refusal: Refusal, status?: number): void;
}

/**
 * Whose turn it is on each connection: one request is under way there at a time, and nothing is said into its answer.
 *
 * Node hands over whatever has arrived, also behind a request that is refused or is to be the last. Load balancers never send a request before the answer to
 * the one in front (what looks like one is what two servers disagreed about), so nothing of it is looked at: the answer in front is the last.
 */
export class AnswersUnderWay {
  private readonly last = new WeakMap<Duplex, ServerResponse>();
  private readonly owners = new WeakMap<ServerResponse, Breakable>();
  private readonly ending = new WeakSet<Duplex>();

  public constructor(private readonly trail: Trail) {}

  /** Takes a request if everything in front of it has been answered; if not, its connection ends. */
  public begin(socket: Duplex, response: ServerResponse, take: () => void): void {
    if (!this.isFree(socket)) {
      this.endAfterAnswer(socket);
      return;
    }
    const inFront = this.last.get(socket);
    this.last.set(socket, response);
    // What has been said may not be out yet, and then another response to the same socket makes Node throw.
    if (inFront === undefined || inFront.closed) take();
    else {
      inFront.once('close', () => {
        if (socket.destroyed) this.trail.note({ action: UNREAD, outcome: 'cut', reason: 'caller-gone' });
        else take();
      });
    }
  }

  /** Names who is told what happens to the request of a response. */
  public own(response: ServerResponse, owner: Breakable): void {
    this.owners.set(response, owner);
  }

  /** Whether everything on a connection has been answered, and more may come. */
  public isFree(socket: Duplex): boolean {
    const last = this.last.get(socket);
    return last === undefined || (last.writableEnded && last.req.complete && last.shouldKeepAlive);
  }

  /** Of the request that is still arriving, or undefined between requests. */
  public arriving(socket: Duplex): ServerResponse | undefined {
    const last = this.last.get(socket);
    return last?.req.complete ? undefined : last;
  }

  /** What arrives has been read, or not, in vain. @param status as the caller is told */
  public breakOff(socket: Duplex, refusal: Refusal, status?: number): void {
    const arriving = this.arriving(socket);
    if (!arriving) this.trail.note({ action: UNREAD, outcome: 'refused', reason: refusal.reason, status });
    else this.owners.get(arriving)?.break(refusal, status);
  }

  /** Lets the answer that is under way end, if its request came whole, and hears no more. */
  public endAfterAnswer(socket: Duplex): void {
    this.trail.note({ action: UNREAD, outcome: 'refused', reason: 'behind-another' });
    if (this.ending.has(socket)) return;
    this.ending.add(socket);
    const last = this.last.get(socket);
    if (!last?.req.complete || last.closed) {
      socket.destroy();
      return;
    }
    if (!last.headersSent) last.shouldKeepAlive = false;
    const end = (): void => {
      socket.end(() => socket.destroy());
    };
    last.once('close', end);
    // Thrown away, so that it fills no memory, and that the caller's leaving is noticed.
    socket.removeAllListeners('data').on('data', () => undefined).on('error', () => socket.destroy()).once('end', end).resume();
  }
}

/** What HTTP's parser and its clocks say; all else is of TLS or of the network, and nobody is there to be told. */
const OF_HTTP = /^(?:HPE_|ERR_HTTP_)/;

/** How long a caller may take to read what he is told before he is cut. */
const READ_MS = 1000;

/** Answers what no request came of, as uniformly as the rest, and closes. A handshake that fails or never ends is cut: an answer would wait for its end. */
export function answerFault(error: NodeJS.ErrnoException, socket: Duplex, answers: AnswersUnderWay): void {
  const code = error.code ?? '';
  // Clients open connections that they never use; nothing was asked, and nothing is answered or recorded.
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket instanceof Socket && socket.bytesRead === 0) socket.destroy();
  else if (OF_HTTP.test(code)) refuseSocket(REFUSAL_OF[code]?.() ?? new Refusal('bad_request', 'unreadable'), socket, answers);
  else socket.destroy();
}

/** Refuses on a connection of which no response was made, or none that can still be used. */
export function refuseSocket(refusal: Refusal, socket: Duplex, answers: AnswersUnderWay): void {
  const arriving = answers.arriving(socket);
  if (!arriving && !answers.isFree(socket)) {
    answers.endAfterAnswer(socket);
    return;
  }
  if (!socket.writable || arriving?.headersSent) {
    answers.breakOff(socket, refusal);
    socket.destroy();
    return;
  }
  const answer = answerOf(refusal, requestIdOf(new Map()));
  answers.breakOff(socket, refusal, answer.status);
  const cut = setTimeout(() => socket.destroy(), READ_MS);
  socket.once('close', () => clearTimeout(cut)).end(rawAnswer(answer), () => socket.destroy());
}
