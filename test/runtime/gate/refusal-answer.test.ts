import { answerOf, rawAnswer } from '../../../src/runtime/gate/refusal-answer';
import { Refusal, REFUSALS, type RefusalCode } from '../../../src/runtime/gate/refusal';

const CODES = Object.keys(REFUSALS) as RefusalCode[];

describe('the answer to what is refused', () => {
  test.each(CODES)('for %s is one shape of JSON, without the reason', (code) => {
    const { status, headers, body } = answerOf(new Refusal(code, 'secret-reason'), 'id-1');
    expect(status).toBe(REFUSALS[code].status);
    expect(JSON.parse(body)).toEqual({ error: { code, message: REFUSALS[code].message, request_id: 'id-1', type: code } });
    expect(JSON.stringify([headers, body])).not.toContain('secret-reason');
  });

  test.each(CODES)('for %s has its length, its id and the security headers, and is not stored', (code) => {
    const { headers, body } = answerOf(new Refusal(code, 'r'), 'id-1');
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-length': String(Buffer.byteLength(body)),
      'content-type': 'application/json; charset=utf-8',
      'strict-transport-security': 'max-age=31536000; includeSubDomains',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'x-request-id': 'id-1',
    });
    expect(headers).not.toHaveProperty('server');
  });

  test('says what is wanted with 401, and only with it', () => {
    const demanding = CODES.filter((code) => answerOf(new Refusal(code, 'r'), 'i').headers['www-authenticate'] !== undefined);
    expect(demanding).toEqual(['unauthenticated']);
    expect(answerOf(new Refusal('unauthenticated', 'r'), 'i').headers['www-authenticate']).toBe('Bearer');
  });

  test('ends the connection where nobody knows what follows on it', () => {
    const ending = CODES.filter((code) => answerOf(new Refusal(code, 'r'), 'i').headers.connection === 'close');
    expect(ending).toEqual(['bad_request', 'timeout', 'too_large', 'headers_too_large']);
  });

  test('carries the refusal\'s own headers, which replace none of the others', () => {
    const { headers } = answerOf(new Refusal('rate_limited', 'r', { 'retry-after': '3', 'cache-control': 'public', 'x-request-id': 'other', 'x-frame-options': 'ALLOW' }), 'i');
    expect(headers).toMatchObject({ 'retry-after': '3', 'cache-control': 'no-store', 'x-request-id': 'i', 'x-frame-options': 'DENY' });
  });

  test('can be read by the page that may call', () => {
    expect(answerOf(new Refusal('forbidden', 'r'), 'i', { 'vary': 'Origin', 'access-control-allow-origin': 'https://a.test' }).headers).toMatchObject({ 'vary': 'Origin',
      'access-control-allow-origin': 'https://a.test' });
  });

  test('can be written to a socket, and is its last', () => {
    const answer = answerOf(new Refusal('forbidden', 'r'), 'i');
    const [head = '', body] = rawAnswer(answer).split('\r\n\r\n');
    const [line, ...headers] = head.split('\r\n');
    expect(line).toBe('HTTP/1.1 403 Forbidden');
    expect(headers).toEqual(expect.arrayContaining(['connection: close', `content-length: ${answer.body.length}`, 'x-request-id: i', 'x-content-type-options: nosniff']));
    expect(headers.filter((header) => header.startsWith('connection'))).toHaveLength(1);
    expect(headers.filter((header) => header.startsWith('date: '))).toHaveLength(1);
    expect(body).toBe(answer.body);
  });
});
