import type { IncomingMessage, ServerResponse } from 'node:http';
import { announcedBody } from './capped-body';
import type { Answer } from './refusal-answer';

/** What is left of a refused body up to here is read and thrown away, which is cheaper than a new connection. */
const WORTH_READING_BYTES = 64 * 1024;

/** How long a caller who still sends may go on, so that he reads the answer: closing under unread bytes resets the connection, and the load balancer says 502 instead (AWS ELB guide, HTTP 502). */
const LINGER_MS = 1000;

/** Whether the connection has to go because too much of a body is still to come. */
export function leavesBody(request: IncomingMessage): boolean {
  const body = announcedBody(request);
  return body !== undefined && !request.complete && (body.bytes === undefined || body.bytes > WORTH_READING_BYTES);
}

/** Answers at once and by itself; where an answer is under way already, it is cut, since two would be read as one. */
export function sendAnswer(request: IncomingMessage, response: ServerResponse, { status, headers, body }: Answer, lastOnConnection: boolean): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (lastOnConnection || headers.connection === 'close' || leavesBody(request)) response.shouldKeepAlive = false;
  response.writeHead(status, headers);
  response.write(body);
  endAnswer(request, response);
}

/** Ends an answer. What still comes of its request is read and thrown away: for a while where the connection goes, else to the end, behind which the next request stands. */
export function endAnswer(request: IncomingMessage, response: ServerResponse): void {
  if (response.shouldKeepAlive || request.complete) {
    response.end();
    request.resume();
    return;
  }
  const end = (): void => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, LINGER_MS);
  request.once('end', end).once('close', end).on('error', end).resume();
}
