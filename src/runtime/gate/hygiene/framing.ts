import type { ReceivedHeaders } from '../ports';
import { onlyValue } from '../received-headers';
import { malformed } from './malformed';

/** Digits alone; 15 of them are an exact number everywhere. */
const LENGTH = /^(?:0|[1-9][0-9]{0,14})$/;

/** Requests with these have no body: servers disagree about whether one is read, and what is not read is the next request. */
const BODILESS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** What a connection may be told; a header named here would be taken out of the request on its way, such as one of ours. */
const CONNECTION_OPTIONS: ReadonlySet<string> = new Set(['close', 'keep-alive', 'te', 'upgrade']);

/** Refuses a request about whose end two servers could disagree, or that would turn its connection into something else. */
export function checkFraming(method: string, received: ReceivedHeaders): void {
  checkLength(method, received);
  checkConnection(method, received);
}

function checkLength(method: string, received: ReceivedHeaders): void {
  const isChunked = received.has('transfer-encoding');
  const hasLength = received.has('content-length');
  if (isChunked && hasLength) throw malformed('framing-both');
  if (isChunked && onlyValue(received, 'transfer-encoding') !== 'chunked') throw malformed('framing-transfer-encoding');
  const length = onlyValue(received, 'content-length');
  if (hasLength && !LENGTH.test(length ?? '')) throw malformed('framing-content-length');
  if (BODILESS.has(method) && (isChunked || (hasLength && length !== '0'))) throw malformed('framing-body');
}

function checkConnection(method: string, received: ReceivedHeaders): void {
  const options = received.has('connection') ? (onlyValue(received, 'connection') ?? '').toLowerCase().split(',').map((option) => option.trim()) : [];
  if (!options.every((option) => CONNECTION_OPTIONS.has(option))) throw malformed('connection-options');
  // One without the other is an upgrade to some and none to others.
  if (options.includes('upgrade') !== received.has('upgrade')) throw malformed('connection-upgrade');
  if (received.has('upgrade') && (method !== 'GET' || onlyValue(received, 'upgrade')?.toLowerCase() !== 'websocket')) throw malformed('connection-upgrade');
  if (received.has('expect') && onlyValue(received, 'expect')?.toLowerCase() !== '100-continue') throw malformed('expectation');
}
