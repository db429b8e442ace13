import { posix } from 'node:path';
import fc from 'fast-check';
import type { KeyConfiguration } from '../../../src/gate/contract';
import { checkRequest, splitTarget, type RawRequest } from '../../../src/runtime/gate/hygiene';
import { Refusal } from '../../../src/runtime/gate/refusal';
import { ACCEPTED_HEADERS, ACCEPTED_HOSTS, REFUSED_HEADERS, REFUSED_HOSTS } from './corpora/headers';
import { ACCEPTED_PATHS, REFUSED_PATHS } from './corpora/paths';

const KEY: KeyConfiguration = { header: 'x-acme-key', prefix: 'ctx_', inAuthorization: false };
const HOST = ['Host', 'gate.test'];

/** Undefined where a request passes. Anything thrown but a refusal is a crash. */
function refusalOf(request: Partial<RawRequest>): Refusal | undefined {
  try {
    checkRequest({ method: 'GET', url: '/v1/models', rawHeaders: HOST, httpVersion: '1.1', ...request }, KEY);
    return undefined;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error;
  }
}

const reasonOf = (request: Partial<RawRequest>): string | undefined => refusalOf(request)?.reason;

describe('a path', () => {
  test.each(REFUSED_PATHS.map(({ why, path }) => [JSON.stringify(path.slice(0, 60)), why, path]))('%s is refused for %s', (_shown, _why, path) => {
    expect(refusalOf({ url: path })?.code).toBe('bad_request');
  });

  test.each(ACCEPTED_PATHS)('%s passes', (path) => expect(reasonOf({ url: path })).toBeUndefined());

  test.each([
    ['/v1//chat', 'path-empty-segment'], ['/v1/../chat', 'path-dot-segment'], ['/v1/%2e', 'path-characters'], ['/v1/%2E', 'path-encoding'], ['/v1/%63hat', 'path-encoding'], ['/v1/%C3',
      'path-encoding'],
    ['/v1/cafe%CC%81', 'path-unicode'], ['/v1/a%20', 'path-blank'], ['http://gate.test/', 'path-form'], ['*', 'path-form'], ['/v1/chat;x', 'path-characters'], [`/${'a'.repeat(2048)}`,
      'path-length'],
  ])('%s is logged by a word of ours, %s', (url, reason) => expect(reasonOf({ url })).toBe(reason));

  test('may be 2048 characters long', () => expect(reasonOf({ url: `/${'a'.repeat(2047)}` })).toBeUndefined());

  const accepted = (path: string): boolean => refusalOf({ url: path }) === undefined;
  const asWritten = (path: string): string[] => path.split('/').slice(1).map(decodeURIComponent);
  /** Pieces from which paths that mean two things are made, and harmless ones. */
  const PIECES = [
    '/', '/', 'v1', 'chat', 'a', '.', '..', '...', '%', '%2e', '%2E', '%2f', '%2F', '%5c', '%5C', '%25', '%00', '%0A', '%20', ' ', ';', '%3B', '%3F', '%23', '#', '\\', '%63', '%40', '@',
    ':', '%C3%A9', '%c3%a9', 'e%CC%81',
    '%E2%80%8B', '%EF%BC%8F', '%C0%AF', '%7C', '|', '%5B', '~', '%7E', '\t', '\0', '\xe9', '+', '%2B', '*', "'", '%F0%9F%98%80', '&', '=', '!', '(', ')', ',', '$',
  ];
  const pieced = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((pieces) => `/${pieces.join('')}`);
  /** As a client writes it that leaves alone what may stand in a path (such as OpenAI's). */
  const encoded = (segment: string): string => segment.replace(/[^A-Za-z0-9\-._~!$&'()*+,=:@]+/gu, encodeURIComponent);
  const named = fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 6 }).map((segments) => `/${segments.map(encoded).join('/')}`);

  test('that passes is read alike by who takes it as it is, who decodes and normalises it, and who parses it as a URL', () => {
    let passed = 0;
    fc.assert(fc.property(fc.oneof(pieced, named), (path) => {
      if (!accepted(path)) return;
      passed++;
      const url = new URL(path, 'http://core.test');
      expect({ path: url.pathname, search: url.search, hash: url.hash, host: url.host }).toEqual({ path, search: '', hash: '', host: 'core.test' });
      expect(posix.normalize(decodeURIComponent(path)).split('/').slice(1)).toEqual(asWritten(path));
      expect(decodeURIComponent(path)).toBe(`/${asWritten(path).join('/')}`);
      expect(path).toBe(`/${asWritten(path).map(encoded).join('/')}`);
    }), { numRuns: 1000 });
    expect(passed).toBeGreaterThan(60);
  });

  test('that passes has no other spelling that passes', () => {
    const escape = (character: string): string => [...Buffer.from(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
    const meaning = (path: string): string => {
      let read = path;
      // Thrice, for who decodes twice.
      for (let times = 0; times < 3 && read.includes('%'); times++) read = decodeURIComponent(read);
      return posix.normalize(read.replaceAll('\\', '/').normalize('NFKC'));
    };
    const respelled = fc.tuple(fc.oneof(fc.constantFrom(...ACCEPTED_PATHS), named.filter(accepted)), fc.nat(), fc.nat(11)).map(([path, position, way]): [string, string] => {
      const at = position % path.length;
      const [before, here, after] = [path.slice(0, at), path.charAt(at), path.slice(at + 1)];
      const decoded = decodeURIComponent(path);
      return [path, [
        before + escape(here) + after, before + escape(here).toUpperCase() + after, `${before}${escape(here).replace('%', '%25')}${after}`,
        path.replace('/', '//'), path.replace('/', '/./'), path.replace('/', '/x/../'), path.replace('/', '/%2e/'), path.replace('/', '\\'),
        path.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()), decoded, decoded.normalize('NFD').split('/').map(encoded).join('/'), path.replace('/', '/%2E%2E/').replace('%2E%2E', '%2E'),
      ][way] ?? path];
    });
    let tried = 0;
    fc.assert(fc.property(respelled, ([path, other]) => {
      if (other === path || meaningOrNone(other) !== meaning(path)) return;
      tried++;
      expect({ path, other, passed: accepted(other) }).toEqual({ path, other, passed: false });
    }), { numRuns: 1000 });
    expect(tried).toBeGreaterThan(300);

    function meaningOrNone(path: string): string | undefined {
      try {
        return meaning(path);
      } catch {
        return undefined;
      }
    }
  });

  test('of any bytes is refused or passes, and never crashes', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (bytes, isRooted) => void refusalOf({ url: isRooted ? `/${bytes}` : bytes })), { numRuns: 2000 });
  });
});

describe('a query', () => {
  test.each([
    'a=%2F%25%5C..//', 'a=b&a=c', 'filter[name]=x', 'q={a|b}', 'q=line%0D%0Anext%09', '', '?', 'a=1;b=2', 'email=a%40b', 'q=caf%E9', 'q=%C3%A9', 'path=/etc/../x', 'key=abc', 'token=abc',
    'cursor=xctx_1', `q=${'a'.repeat(4094)}`,
  ])('of %j is data', (query) => expect(reasonOf({ url: `/v1/models?${query}` })).toBeUndefined());

  test.each([
    ['a=b#c', 'query-characters'], ['a=b c', 'query-characters'], ['a="b"', 'query-characters'], ['a=<b>', 'query-characters'], ['a=\\b', 'query-characters'], ['a=\x7f', 'query-characters'],
    ['a=\xe9', 'query-characters'], ['a=\0', 'query-characters'],
    ['a=%', 'query-encoding'], ['a=%2', 'query-encoding'], ['a=%zz', 'query-encoding'], ['a=%00', 'query-encoding'], ['a=%1b[31m', 'query-encoding'], ['a=%7F', 'query-encoding'], ['a=%08',
      'query-encoding'], ['a=%0B', 'query-encoding'], ['a=%0e', 'query-encoding'],
    ['a=%0F', 'query-encoding'], [`q=${'a'.repeat(4095)}`, 'query-length'],
  ])('of %j is refused', (query, reason) => expect(reasonOf({ url: `/v1/models?${query}` })).toBe(reason));

  test.each(['api_key=x', 'API-KEY=x', 'apikey=', 'a=b&access_token=x', 'x-api-key=x', 'X_Acme_Key=x', 'key=ctx_abc', 'key=%63tx_abc', 'anything=ctx_', 'ctx_abc', 'ctx_abc=',
    'a%63cess_token=x'])('with the credential %s is refused', (query) => {
    expect(reasonOf({ url: `/v1/models?${query}` })).toBe('query-credential');
  });

  test('may hold what looks like a key where no keys are taken, and no credential by its name even there', () => {
    const withoutKeys = (url: string) => () => checkRequest({ method: 'GET', url, rawHeaders: HOST, httpVersion: '1.1' }, undefined);
    expect(withoutKeys('/v1/models?a=ctx_abc')).not.toThrow();
    expect(withoutKeys('/v1/models?access_token=a')).toThrow(new Refusal('bad_request', 'query-credential'));
  });

  test('is what stands behind the first question mark', () => {
    expect(splitTarget('/a?b?c')).toEqual({ path: '/a', query: 'b?c' });
    expect(splitTarget('/a')).toEqual({ path: '/a', query: '' });
  });
});

describe('a method and a version', () => {
  test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('%s passes', (method) => expect(reasonOf({ method })).toBeUndefined());

  test.each(['TRACE', 'CONNECT', 'TRACK', 'PROPFIND', 'PURGE', 'get', 'Get', '', 'GET ', 'BREW', 'toString', 'M-SEARCH'])('%j is answered 405, with what would have passed', (method) => {
    const refusal = refusalOf({ method });
    expect(refusal?.code).toBe('method_not_allowed');
    expect(refusal?.headers).toEqual({ allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' });
  });

  test.each(['1.0', '0.9', '2.0', ''])('HTTP/%s is refused', (httpVersion) => expect(reasonOf({ httpVersion })).toBe('http-version'));
});

describe('headers', () => {
  test.each(REFUSED_HEADERS.map(({ why, rawHeaders }) => [why, rawHeaders] as const))('with %s are refused', (_why, rawHeaders) => {
    expect(refusalOf({ method: 'GET', rawHeaders: [...HOST, ...rawHeaders] })?.code).toBe('bad_request');
  });

  test.each(ACCEPTED_HEADERS.map(({ why, rawHeaders }) => [why, rawHeaders] as const))('with %s pass', (_why, rawHeaders) => {
    expect(reasonOf({ rawHeaders: [...HOST, ...rawHeaders] })).toBeUndefined();
  });

  test('are 100 at most', () => {
    const headers = (count: number): string[] => [...HOST, ...Array.from({ length: count - 1 }, (_, at) => [`x-h${at}`, 'a']).flat()];
    expect(reasonOf({ rawHeaders: headers(100) })).toBeUndefined();
    expect(refusalOf({ rawHeaders: headers(101) })?.code).toBe('headers_too_large');
  });

  test('without a host are refused, as are those with two', () => {
    expect(reasonOf({ rawHeaders: [] })).toBe('host');
    expect(reasonOf({ rawHeaders: [...HOST, ...HOST] })).toBe('header-repeated');
  });

  test.each(REFUSED_HOSTS)('with the host %j are refused', (host) => expect(refusalOf({ rawHeaders: ['host', host] })?.code).toBe('bad_request'));
  test.each(ACCEPTED_HOSTS)('with the host %s pass', (host) => expect(reasonOf({ rawHeaders: ['host', host] })).toBeUndefined());
});

describe('the end of a request', () => {
  const reason = (method: string, ...rawHeaders: string[]): string | undefined => reasonOf({ method, rawHeaders: [...HOST, ...rawHeaders] });

  test('is told by one length or by chunks, not by both', () => {
    expect(reason('POST', 'content-length', '5')).toBeUndefined();
    expect(reason('POST', 'transfer-encoding', 'chunked')).toBeUndefined();
    expect(reason('POST')).toBeUndefined();
    expect(reason('POST', 'content-length', '5', 'transfer-encoding', 'chunked')).toBe('framing-both');
    expect(reason('POST', 'transfer-encoding', 'chunked', 'Content-Length', '0')).toBe('framing-both');
  });

  test.each(['Chunked', 'gzip, chunked', 'chunked, chunked', 'chunked, identity', 'identity', 'xchunked', '', ' chunked', 'chunked;q=1'])('is not told by the encoding %j', (encoding) => {
    expect(reason('POST', 'transfer-encoding', encoding)).toBe('framing-transfer-encoding');
  });

  test.each(['+5', '-5', '', ' 5', '5 ', '05', '00', '0x5', '5, 5', '5.0', '5e1', '9999999999999999', 'five'])('is not told by the length %j', (length) => {
    expect(reason('POST', 'content-length', length)).toBe('framing-content-length');
  });

  test.each(['GET', 'HEAD', 'OPTIONS'])('of %s is the end of its headers', (method) => {
    expect(reason(method, 'content-length', '0')).toBeUndefined();
    expect(reason(method, 'content-length', '1')).toBe('framing-body');
    expect(reason(method, 'transfer-encoding', 'chunked')).toBe('framing-body');
  });

  test('may be the beginning of a WebSocket only for GET', () => {
    const upgrade = ['connection', 'upgrade', 'upgrade', 'websocket'];
    expect(reason('GET', ...upgrade)).toBeUndefined();
    expect(reason('POST', ...upgrade)).toBe('connection-upgrade');
  });
});

test('a refusal never repeats what was sent', () => {
  const canary = 'canary7';
  const requests: Partial<RawRequest>[] = [
    { url: `/${canary};` }, { url: `/?${canary}#` }, { url: `/?access_token=${canary}` }, { method: canary }, { httpVersion: canary }, { rawHeaders: ['host', `${canary}@x`] },
    { rawHeaders: [...HOST, `x_${canary}`, ''] }, { rawHeaders: [...HOST, 'connection', canary] },
  ];
  for (const request of requests) {
    const refusal = refusalOf(request);
    expect(refusal).toBeInstanceOf(Refusal);
    expect(JSON.stringify([refusal, refusal?.message, refusal?.reason])).not.toContain(canary);
  }
});
