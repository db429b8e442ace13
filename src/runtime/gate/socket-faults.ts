import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log } from './ports';
import { Refusal } from './refusal';
import { answerOf, rawAnswer } from './refusal-answer';
import { requestIdOf } from './request-id';

/** What Node says of a request that it could not read, or not in time. Everything else is malformed. */
const REFUSAL_OF: Readonly<Record<string, () => Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: () => new Refusal('timeout', 'request-slow'),
  HPE_HEADER_OVERFLOW: () => new Refusal('headers_too_large', 'headers-too-large'),
};

/** Answers by connection, so that nothing is said into one, or after one whose request goes on: two would be read as one. */
export class AnswersUnderWay {
  private readonly open = new WeakMap<Duplex, Set<ServerResponse>>();
  private readonly last = new WeakMap<Duplex, ServerResponse>();

  public add(socket: Duplex, response: ServerResponse): void {
    const answers = this.open.get(socket) ?? new Set();
    this.open.set(socket, answers.add(response));
    this.last.set(socket, response);
    response.once('close', () => answers.delete(response));
  }

  /** Whether bytes of ours that are no answer's may not go out on a connection. */
  public hasBegun(socket: Duplex): boolean {
    const answers = [...this.open.get(socket) ?? []];
    const last = this.last.get(socket);
    return answers.length > 1 || answers.some(({ headersSent }) => headersSent) || (last !== undefined && last.headersSent && !last.req.complete);
  }
}

/** What HTTP's parser and its clocks say; all else is of TLS or of the network, and nobody is there to be told. */
const OF_HTTP = /^(?:HPE_|ERR_HTTP_)/;

/** How long a caller may take to read what he is told before he is cut. */
const READ_MS = 1000;

/** Answers what no request came of, as uniformly as the rest, and closes. A handshake that fails or never ends is cut: an answer would wait for its end. */
export function answerFault(error: NodeJS.ErrnoException, socket: Duplex, answers: AnswersUnderWay, log: Log): void {
  const code = error.code ?? '';
  if (OF_HTTP.test(code)) refuseSocket(REFUSAL_OF[code]?.() ?? new Refusal('bad_request', 'unreadable'), socket, answers, log);
  else socket.destroy();
}

/** Refuses on a connection of which no response was made. */
export function refuseSocket(refusal: Refusal, socket: Duplex, answers: AnswersUnderWay, log: Log): void {
  if (!socket.writable || answers.hasBegun(socket)) {
    socket.destroy();
    return;
  }
  const requestId = requestIdOf(new Map());
  const answer = answerOf(refusal, requestId);
  log.warn({ event: 'request', requestId, code: refusal.reason, status: answer.status });
  const cut = setTimeout(() => socket.destroy(), READ_MS);
  socket.once('close', () => clearTimeout(cut)).end(rawAnswer(answer), () => socket.destroy());
}
