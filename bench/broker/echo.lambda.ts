import { isAlbEvent, readAlbEvent } from '../../src/runtime/broker/alb-event';
import { granted, refused } from '../../src/runtime/broker/answers';
import { readRequest } from '../../src/runtime/broker/read-request';
import { signerOf } from '../../src/runtime/broker/signature';
import { KEY } from './stand-ins';

/** Reads and proves a request with the broker's own code, and says so: what nobody who takes signed requests can do without. */
export function handler(event: unknown): Promise<unknown> {
  const request = isAlbEvent(event) ? readAlbEvent(event) : undefined;
  const read = request && readRequest(request);
  const facts = { requestId: 'echo', now: Math.floor(Date.now() / 1000) };
  if (read === undefined || typeof read === 'string') return Promise.resolve(refused('malformed', facts));
  // Three, as a ring has them.
  const signer = signerOf([{ key: KEY }, { key: `${KEY}p` }, { key: `${KEY}n` }], read.canonical, read.signed.signature);
  return Promise.resolve(signer === undefined ? refused('unauthenticated', facts) : granted({ nonce: read.signed.nonce }, facts.requestId));
}
