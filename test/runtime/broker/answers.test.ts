import { REFUSAL_NAMES, REFUSALS } from '../../../src/broker/protocol/contract';
import { granted, refused } from '../../../src/runtime/broker/answers';

const FACTS = { requestId: '0123456789abcdef', now: 1_767_225_600 };

test('what is granted is JSON that nobody keeps', () => {
  expect(granted({ lease_id: 'x' }, FACTS.requestId)).toEqual({
    statusCode: 200,
    statusDescription: '200 OK',
    multiValueHeaders: { 'content-type': ['application/json'], 'cache-control': ['no-store'], 'x-request-id': [FACTS.requestId] },
    body: '{"lease_id":"x"}',
    isBase64Encoded: false,
  });
});

test.each(REFUSAL_NAMES)('%s says its name and nothing else', (name) => {
  const { statusCode, body, multiValueHeaders } = refused(name, { ...FACTS, retrySeconds: 17 });
  expect(statusCode).toBe(REFUSALS[name].status);
  expect(JSON.parse(body)).toEqual({ error: name, ...(name === 'unauthenticated' && { time: '1767225600' }) });
  expect(multiValueHeaders['retry-after']).toEqual(name === 'too-many' || name === 'unavailable' ? ['17'] : undefined);
  expect(multiValueHeaders['cache-control']).toEqual(['no-store']);
});

test('a store is asked again after five seconds', () => {
  expect(refused('unavailable', FACTS).multiValueHeaders['retry-after']).toEqual(['5']);
});
