import type { ReceivedHeaders } from './ports';

/**
 * What arrived, by name in lower case, each value apart.
 *
 * @param rawHeaders names and values in turn, as Node gives them: its `headers` drops the second of some and joins others
 */
export function receivedHeaders(rawHeaders: readonly string[]): ReceivedHeaders {
  const received = new Map<string, string[]>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? '').toLowerCase();
    const value = rawHeaders[at + 1] ?? '';
    const values = received.get(name);
    if (values) values.push(value);
    else received.set(name, [value]);
  }
  return received;
}

/** The value of a header that was sent once; of one that was repeated, none is to be believed. */
export function onlyValue(received: ReceivedHeaders, name: string): string | undefined {
  const values = received.get(name);
  return values?.length === 1 ? values[0] : undefined;
}
