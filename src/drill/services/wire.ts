import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type OpenAnswer, WireError, type WireAnswer, type WireRequest } from '../scene';
import { type Caller, connectTo, serverNameOf, type WireAddress } from './connection';
import type { Transcript } from './transcript';
import { wireError } from './wire-error';

const TIMEOUT_MS = 5000;
const SILENCE_MS = 1000;
const BODY_BYTES = 1024 * 1024;

/** Sends one HTTP/1.1 request on a connection of its own. Throws WireError where no HTTP answer came. */
export async function send(to: WireAddress, request: WireRequest, transcript: Transcript): Promise<WireAnswer> {
  const whole = withHost(to, request);
  transcript.sent(whole);
  return told(transcript, async () => {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const socket = await connectTo(to, callerOf(whole), signal);
    try {
      const response = await exchange(socket, whole, signal);
      const answer = { status: response.statusCode ?? 0, headers: joined(response), body: await bodyOf(response) };
      transcript.received(answer);
      return answer;
    } finally {
      socket.destroy();
    }
  });
}

/** Sends one HTTP/1.1 request on a connection of its own, and waits for no more than the head of the answer. Throws WireError where no HTTP answer came. */
export async function openAnswer(to: WireAddress, request: WireRequest, transcript: Transcript): Promise<OpenAnswer> {
  const whole = withHost(to, request);
  transcript.sent(whole);
  return told(transcript, async () => {
    const impatience = new AbortController();
    const timer = setTimeout(() => impatience.abort(), TIMEOUT_MS);
    try {
      const socket = await connectTo(to, callerOf(whole), impatience.signal);
      const response = await exchange(socket, whole, impatience.signal);
      const head = { status: response.statusCode ?? 0, headers: joined(response) };
      transcript.received({ ...head, body: '' });
      let isOver = false;
      response.on('error', () => undefined).once('close', () => {
        isOver = true;
        socket.destroy();
      }).resume();
      return { ...head, isOver: () => isOver, close: () => socket.destroy() };
    } finally {
      clearTimeout(timer);
    }
  });
}

function withHost({ host, port }: WireAddress, request: WireRequest): WireRequest {
  return hasHost(request.headers) ? request : { ...request, headers: { host: `${host}:${port}`, ...request.headers } };
}

function callerOf(request: WireRequest): Caller {
  const host = Object.entries(request.headers).find(([name]) => name.toLowerCase() === 'host')?.[1];
  return { ...request, serverName: serverNameOf(host) };
}

/** Sends bytes, one a character, and returns what came back until the peer closed or fell silent. Throws WireError where there was nobody to send to. */
export async function sendRaw(to: WireAddress, bytes: string, caller: Pick<WireRequest, 'from' | 'client'>, transcript: Transcript): Promise<string> {
  transcript.sentRaw(bytes, caller);
  return told(transcript, async () => {
    const socket = await connectTo(to, caller, AbortSignal.timeout(TIMEOUT_MS));
    const answer = await untilSilence(socket, bytes);
    transcript.receivedRaw(answer);
    return answer;
  });
}

async function told<T>(transcript: Transcript, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    const translated = wireError(error);
    transcript.failed(translated instanceof WireError ? translated.message : 'the request could not be sent');
    throw translated;
  }
}

async function exchange(socket: Socket, { method, path, headers, body }: WireRequest, signal: AbortSignal): Promise<IncomingMessage> {
  const request = httpRequest({ createConnection: () => socket, method, path, headers, setHost: false, signal });
  request.end(body);
  const [response] = await once(request, 'response') as [IncomingMessage];
  // What is refused before the body has been read may be answered and then reset.
  request.on('error', () => undefined);
  return response;
}

/** As much as there is: a body that breaks off, or has no end, belongs to an answer all the same. */
async function bodyOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= BODY_BYTES) break;
    }
  } catch {
    // What has come is what there is.
  }
  return Buffer.concat(chunks).toString('utf8', 0, BODY_BYTES);
}

/** `response.headers` would drop the second of some headers. */
function joined(response: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(response.headersDistinct).map(([name, values = []]) => [name, values.join(', ')]));
}

async function untilSilence(socket: Socket, bytes: string): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // Refreshed by every byte; the connection's own deadline is for a peer that never stops.
  socket.setTimeout(SILENCE_MS, () => socket.destroy());
  socket.write(bytes, 'latin1');
  await once(socket, 'close').catch(() => undefined);
  return Buffer.concat(chunks).toString('latin1');
}

function hasHost(headers: Readonly<Record<string, string>>): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'host');
}
