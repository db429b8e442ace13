import { CONTENT_TYPE_OPTIONS_ATTRIBUTE, FRAME_OPTIONS_ATTRIBUTE, HSTS_ATTRIBUTE, RESPONSE_HEADER_ATTRIBUTES } from '../../../src/ingress/response-headers';
import { SECURITY_HEADERS } from '../../../src/ingress/contract';
import { answerHeaders } from '../../../src/runtime/gate/answer-headers';

const OURS = { ...SECURITY_HEADERS, 'x-request-id': 'id-1', 'cache-control': 'no-store' };

describe('the headers of an answer', () => {
  test('are as secure as the load balancer makes them', () => {
    expect(answerHeaders({}, 'id-1')).toMatchObject({
      'strict-transport-security': RESPONSE_HEADER_ATTRIBUTES[HSTS_ATTRIBUTE],
      'x-content-type-options': RESPONSE_HEADER_ATTRIBUTES[CONTENT_TYPE_OPTIONS_ATTRIBUTE],
      'x-frame-options': RESPONSE_HEADER_ATTRIBUTES[FRAME_OPTIONS_ATTRIBUTE],
    });
    expect(SECURITY_HEADERS['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  });

  test('are there where the Core says nothing', () => expect(answerHeaders({}, 'id-1')).toEqual(OURS));

  test('replace weaker ones of the Core, however it spells them', () => {
    const core = { 'Strict-Transport-Security': 'max-age=0', 'X-Frame-Options': 'ALLOWALL', 'x-content-type-options': 'sniff', 'X-Request-ID': 'core' };
    expect(answerHeaders(core, 'id-1')).toEqual(OURS);
  });

  test('do not tell what the Core is made of, nor what it thinks of origins, nor what was for its connection', () => {
    const core = {
      'server': 'uvicorn', 'X-Powered-By': 'Express', 'via': '1.1 core', 'x-aspnet-version': '4', 'x-runtime': '0.1', 'alt-svc': 'h3=":8000"',
      'access-control-allow-origin': '*', 'Access-Control-Allow-Credentials': 'true', 'access-control-expose-headers': 'x', 'access-control-allow-private-network': 'true',
      'connection': 'keep-alive, X-Hop', 'keep-alive': 'timeout=5', 'transfer-encoding': 'chunked', 'trailer': 'x', 'upgrade': 'h2c', 'x-hop': '1', 'proxy-authenticate': 'Basic', 'te': 'trailers',
    };
    expect(answerHeaders(core, 'id-1')).toEqual(OURS);
  });

  test('are else the Core\'s', () => {
    const core = { 'content-type': 'text/event-stream', 'content-length': '0', 'cache-control': 'max-age=60', 'set-cookie': ['a=1', 'b=2'], 'ETag': '"x"', 'x-gone': undefined };
    expect(answerHeaders(core, 'id-1')).toEqual({ ...OURS, 'content-type': 'text/event-stream', 'content-length': '0', 'cache-control': 'max-age=60', 'set-cookie': ['a=1', 'b=2'],
      'etag': '"x"' });
  });

  test('vary by what the Core varies them by, and by origin', () => {
    const cors = { 'vary': 'Origin', 'access-control-allow-origin': 'https://a.test' };
    expect(answerHeaders({ vary: 'Accept-Encoding' }, 'i', cors)).toMatchObject({ 'vary': 'Accept-Encoding, Origin', 'access-control-allow-origin': 'https://a.test' });
    expect(answerHeaders({ vary: ['Accept', 'Origin'] }, 'i', cors).vary).toBe('Accept, Origin');
    expect(answerHeaders({}, 'i', cors).vary).toBe('Origin');
    expect(answerHeaders({ vary: 'Accept' }, 'i').vary).toBe('Accept');
  });

  test.each(['"a"', '["a","b"]'])('cannot touch a prototype with %s', (value) => {
    const headers = answerHeaders(JSON.parse(`{"__proto__":${value}}`) as Record<string, string | string[]>, 'i');
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  });
});
