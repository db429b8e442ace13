import { KeySetError, MAX_KEY_SET_BYTES } from './key-set-document';

export type Fetch = typeof globalThis.fetch;

/** Fetches a key set: without following anybody elsewhere, and without reading more than a key set is long, packed or not. */
export async function fetchKeySet(uri: string, fetch: Fetch, signal: AbortSignal): Promise<string> {
  const response = await fetch(uri, { redirect: 'manual', signal, headers: { 'accept': 'application/json', 'accept-encoding': 'identity' } });
  if (response.status !== 200 || response.body === null) {
    await response.body?.cancel();
    throw new KeySetError(response.status >= 300 && response.status < 400 ? 'key-set-redirected' : 'key-set-status');
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop early cancels the body, and with it the connection.
  for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > MAX_KEY_SET_BYTES) throw new KeySetError('key-set-too-large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Where keys may be fetched from: by TLS, or from this machine itself where nothing but this machine is asked. */
export function isKeySetUri(uri: string, isLocal: boolean): boolean {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (url === undefined || url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (isLocal && url.protocol === 'http:' && ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname));
}
