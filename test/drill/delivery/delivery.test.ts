import { gunzipSync, gzipSync } from 'node:zlib';
import type { JsonMap } from '../../../src/checks/template/template';
import { Delivery, RETRIES_FOR_MS } from '../../../src/drill/delivery/delivery';
import { controlMessage, envelope } from '../../../src/drill/delivery/envelope';
import { designWith, NOON, PROCESSORS } from './designs';

const SOURCE = { account: '1', logGroup: 'hot', logStream: 's', filter: 'f' };
const record = (...messages: string[]): Buffer => envelope(SOURCE, messages.map((message) => ({ timestamp: NOON, message })));

interface Put {
  readonly key: string;
  readonly body: Buffer;
}

function standing(destination: JsonMap = {}) {
  const put: Put[] = [];
  const state = { refuses: false };
  const delivery = new Delivery(designWith(destination), (key, body) => {
    if (state.refuses) return Promise.reject(new Error('AccessDenied'));
    put.push({ key, body });
    return Promise.resolve();
  });
  return { delivery, put, state };
}

const textOf = (put: Put | undefined): string => gunzipSync(put?.body ?? gzipSync('')).toString();

test('nothing is written before the time is up, and then all of it, a line each', async () => {
  const { delivery, put } = standing();
  await delivery.take(record('{"a":1}', '{"a":2}'), NOON);
  await delivery.take(record('{"a":3}'), NOON + 59_000);
  expect(put).toEqual([]);
  await delivery.tick(NOON + 60_000);
  expect(put.map(({ key }) => key)).toEqual([expect.stringMatching(/^records\/day=2026-01-02\/Stream-1-2026-01-02-12-34-56-[0-9a-f-]{36}\.gz$/)]);
  expect(textOf(put[0])).toBe('{"a":1}\n{"a":2}\n{"a":3}\n');
});

test('what is large enough does not wait', async () => {
  const { delivery, put } = standing();
  await delivery.take(record('x'.repeat(1024 * 1024)), NOON);
  expect(put).toHaveLength(1);
});

test('a control message is no line', async () => {
  const { delivery, put } = standing();
  await delivery.take(controlMessage(), NOON);
  await delivery.flush(NOON);
  expect(put).toEqual([]);
});

test.each([
  ['without processors the object holds packed envelopes', [], (text: string) => expect(text.startsWith('\u001f')).toBe(true)],
  ['merely unpacked, the envelope stays', PROCESSORS.slice(0, 1), (text: string) => expect(text).toMatch(/^\{"messageType":"DATA_MESSAGE".*\}\{"messageType"/)],
  ['without delimiters, records run into each other', PROCESSORS.slice(0, 2), (text: string) => expect(text).toBe('{"a":1}{"a":2}')],
])('%s', async (_, Processors, look) => {
  const { delivery, put } = standing({ ProcessingConfiguration: { Enabled: true, Processors } });
  await delivery.take(record('{"a":1}'), NOON);
  await delivery.take(record('{"a":2}'), NOON);
  await delivery.flush(NOON);
  look(gunzipSync(put[0]?.body ?? gzipSync('')).toString('latin1'));
});

test.each([
  ['decompression-failed', Buffer.from('not gzipped')],
  ['processing-failed', gzipSync('not of CloudWatch Logs')],
])('what cannot be processed goes to the prefix for errors, whole: %s', async (error, broken) => {
  const { delivery, put } = standing();
  await delivery.take(broken, NOON);
  await delivery.take(record('{"a":1}'), NOON);
  await delivery.flush(NOON);
  expect(put).toHaveLength(2);
  const [failed] = put.filter(({ key }) => key.startsWith(`failed/${error}/`));
  const told = JSON.parse(textOf(failed)) as { readonly errorCode: string; readonly rawData: string };
  expect(told.errorCode).toBe(error);
  expect(Buffer.from(told.rawData, 'base64')).toEqual(broken);
});

test('what S3 refuses is tried again, in the same place and once', async () => {
  const { delivery, put, state } = standing();
  state.refuses = true;
  await delivery.take(record('{"a":1}'), NOON);
  await delivery.flush(NOON);
  expect([put.length, delivery.waiting, delivery.refusal]).toEqual([0, 1, 'AccessDenied']);
  state.refuses = false;
  await delivery.tick(NOON + 61_000);
  await delivery.tick(NOON + 120_000);
  expect([put.length, delivery.waiting, delivery.lost]).toEqual([1, 0, 0]);
});

test('after a day of refusals it is lost, and counted', async () => {
  const { delivery, put, state } = standing();
  state.refuses = true;
  await delivery.take(record('{"a":1}'), NOON);
  await delivery.flush(NOON);
  await delivery.tick(NOON + 60_000 + RETRIES_FOR_MS);
  state.refuses = false;
  await delivery.tick(NOON + 61_000 + RETRIES_FOR_MS);
  expect([put.length, delivery.waiting, delivery.lost]).toEqual([0, 0, 1]);
});

test('uncompressed, and with an ending of its own', async () => {
  const { delivery, put } = standing({ CompressionFormat: 'UNCOMPRESSED', FileExtension: '.json' });
  await delivery.take(record('{"a":1}'), NOON);
  await delivery.flush(NOON);
  expect(put.map(({ key, body }) => [key.endsWith('.json'), body.toString()])).toEqual([[true, '{"a":1}\n']]);
});
