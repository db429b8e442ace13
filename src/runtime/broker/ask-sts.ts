import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { type AskSts, type StsAnswer, StsUnavailable } from './task-identity';

/** Of an answer, in bytes; GetCallerIdentity's has some hundred (ours). */
const MOST_BYTES = 16_384;

/** @param endpoint where STS is, without a path */
export function askSts(endpoint: URL, milliseconds: number): AskSts {
  const send = endpoint.protocol === 'https:' ? httpsRequest : httpRequest;
  return (headers, body) => new Promise<StsAnswer>((resolve, reject) => {
    const fail = (): void => reject(new StsUnavailable());
    const sent = send({
      hostname: endpoint.hostname,
      port: endpoint.port,
      path: '/',
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      signal: AbortSignal.timeout(milliseconds),
    }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MOST_BYTES) response.destroy(new StsUnavailable());
      }).on('end', () => resolve({ status: response.statusCode ?? 0, body: text })).on('error', fail);
    });
    sent.on('error', fail).end(body);
  });
}
