import { isAlbEvent, readAlbEvent } from '../../../src/runtime/broker/alb-event';
import { albEventOf } from '../../support/worker-requests';

const SENT = { host: 'broker.example.com', path: '/worker/exit', body: '{"a":"b"}' };

test('an event of a load balancer is told from one of somebody who may call the function', () => {
  expect(isAlbEvent(albEventOf(SENT))).toBe(true);
  expect(isAlbEvent({ requestContext: { elb: undefined } })).toBe(true);
  const inherited = { requestContext: Object.create({ elb: {} }) as object };
  for (const event of [undefined, null, 'elb', [], {}, { elb: {} }, { requestContext: 'elb' }, { requestContext: {} }, inherited]) expect(isAlbEvent(event)).toBe(false);
});

test('it is read as it was sent', () => {
  const request = readAlbEvent(albEventOf({ ...SENT, path: '/worker/exit?a=b' }, { 'X-Twice': ['1', '2'], 'x-twice': ['3'] }));
  expect(request).toMatchObject({ method: 'POST', path: '/worker/exit', hasQuery: true });
  expect(request?.headers.get('x-twice')).toEqual(['1', '2', '3']);
  expect(request?.headers.get('host')).toEqual([SENT.host]);
  expect(request?.body.toString()).toBe(SENT.body);
});

test('what is no text comes in base64, and a request without a body as null', () => {
  const event = albEventOf(SENT);
  expect(readAlbEvent({ ...event, isBase64Encoded: true, body: Buffer.from('{}').toString('base64') })?.body.toString()).toBe('{}');
  expect(readAlbEvent({ ...event, body: null })?.body.length).toBe(0);
});

test('a query is seen in either form, and none is none', () => {
  const event = albEventOf(SENT);
  expect(readAlbEvent(event)?.hasQuery).toBe(false);
  expect(readAlbEvent({ ...event, queryStringParameters: { a: '' } })?.hasQuery).toBe(true);
  expect(readAlbEvent({ ...event, multiValueQueryStringParameters: 'a=b' })?.hasQuery).toBe(true);
  expect(readAlbEvent({ ...event, multiValueQueryStringParameters: null })?.hasQuery).toBe(false);
});

test.each<[string, object]>([
  ['headers of which only the last would be left', { multiValueHeaders: undefined, headers: { host: SENT.host } }],
  ['headers that are no lists', { multiValueHeaders: { host: SENT.host } }],
  ['headers that are no texts', { multiValueHeaders: { host: [1] } }],
  ['no method', { httpMethod: undefined }],
  ['no path', { path: 7 }],
  ['a body that is no text', { body: {} }],
])('an event with %s is none', (_what, change) => {
  expect(readAlbEvent({ ...albEventOf(SENT), ...change })).toBeUndefined();
});
