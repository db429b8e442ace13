import { receivedHeaders } from '../../../src/runtime/gate/received-headers';
import { traceContextOf } from '../../../src/runtime/gate/trace-context';
import { createRedactor } from '../../../src/runtime/shared/redactor';
import { NAMED, SHAPED } from '../../support/credential-shapes';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const NEW = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/;
const AMAZON = 'Root=1-67891233-abcdef012345678912345678';
const traceOf = (...rawHeaders: string[]) => traceContextOf(receivedHeaders(rawHeaders), createRedactor());

describe('a trace', () => {
  test('goes on where it is well formed', () => expect(traceOf('traceparent', PARENT)).toEqual({ traceparent: PARENT }));

  test.each([
    '', 'x', PARENT.toUpperCase(), PARENT.replace('00-', 'ff-'), PARENT.replace('00-', '01-'), `${PARENT}-x`, ` ${PARENT}`, `${PARENT}\n`, `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`,
    PARENT.slice(0, -1), '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331',
  ])('is a new one for %j, without the old one\'s state', (traceparent) => {
    const trace = traceOf('traceparent', traceparent, 'tracestate', 'a=1');
    expect(Object.keys(trace)).toEqual(['traceparent']);
    expect(trace.traceparent).toMatch(NEW);
    expect(trace.traceparent).not.toBe(traceOf('traceparent', traceparent).traceparent);
  });

  test('is another one each time, however many begin', () => {
    const ids = Array.from({ length: 1000 }, () => traceOf().traceparent.split('-').slice(1, 3)).flat();
    expect(new Set(ids).size).toBe(2000);
    expect(ids.filter((id) => /^0+$/.test(id))).toEqual([]);
  });

  test('is a new one where two were sent', () => expect(traceOf('traceparent', PARENT, 'traceparent', PARENT).traceparent).not.toBe(PARENT));

  test.each([
    [['a=1'], 'a=1'], [['a=1,b=2'], 'a=1,b=2'], [['a=1', 'b=2'], 'a=1,b=2'], [['a=1 , b=2,,'], 'a=1,b=2'], [['t@vendor=x y'], 't@vendor=x y'], [[`a=${'x'.repeat(256)}`], `a=${'x'.repeat(256)}`],
    [[Array.from({ length: 32 }, (_, at) => `k${at}=v`).join(',')], Array.from({ length: 32 }, (_, at) => `k${at}=v`).join(',')],
  ])('has the state %j', (values, tracestate) => {
    expect(traceOf('traceparent', PARENT, ...values.flatMap((value) => ['tracestate', value])).tracestate).toBe(tracestate);
  });

  test.each([
    '', ',', 'a', 'A=1', '=1', 'a=', 'a=1,a=2', 'a=b=c', 'a=\t', 'a=caf\xe9', `a=${'x'.repeat(257)}`, Array.from({ length: 33 }, (_, at) => `k${at}=v`).join(','),
    `a=${'x'.repeat(250)},b=${'x'.repeat(250)},c=${'x'.repeat(20)}`,
  ])('has no state for %j', (tracestate) => expect(traceOf('traceparent', PARENT, 'tracestate', tracestate)).toEqual({ traceparent: PARENT }));

  test.each([AMAZON, `${AMAZON};Parent=53995c3f42cd8ad8;Sampled=1`, `Self=1-67891234-12456789abcdef012345678a;${AMAZON}`, `${AMAZON};CalledFrom=app`])('passes on the load balancer\'s %s',
    (id) => {
      expect(traceOf('x-amzn-trace-id', id, 'traceparent', PARENT)).toEqual({ traceparent: PARENT, amazonTraceId: id });
      expect(traceOf('x-amzn-trace-id', id).amazonTraceId).toBe(id);
    });

  test.each([
    '', 'x', 'CalledFrom=app', 'Root=1-6789-abc', AMAZON.toUpperCase(), `${AMAZON};`, `${AMAZON};a`, `${AMAZON};a=b c`, `${AMAZON};a=b\r\nx: y`, `${AMAZON};a=${'b'.repeat(129)}`,
    `${AMAZON}${';a=b'.repeat(8)}`,
  ])('does not pass on %j', (id) => expect(traceOf('x-amzn-trace-id', id)).not.toHaveProperty('amazonTraceId'));
});

describe('what is said beside a trace', () => {
  const beside = (name: string, value: string): string | undefined => (name === 'tracestate' ? traceOf('traceparent', PARENT, name, value).tracestate : traceOf(name, value).baggage);

  test.each([
    'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7', 'dd=s:2;o:rum;t.dm:-4;p:00f067aa0ba902b7', '33@nr=0-0-33-2827902-7d3efb1b173fecfa-e8b91a159289ff74-1-1.23456-1518469636035', 'es=s:1.0',
    'sw=e1bd1ad5b4cfb1b3-01', 'ot=th:c;rv:6e6d1a75832a2f', 'az=cid-v1:0f8fad5b-d9cb-469f-a165-70867728950e',
  ])('is passed on as vendors write it: %s', (tracestate) => expect(beside('tracestate', tracestate)).toBe(tracestate));

  test.each([
    'userTier=gold,region=eu-central-1', 'serverNode=DF%2028;ttl=5,isProduction=false', 'sessionKind=trial', 'sentry-trace_id=771a43a4192642f0b136d5159a501700,sentry-sample_rate=0.25',
  ])('is passed on in baggage: %s', (baggage) => expect(beside('baggage', baggage)).toBe(baggage));

  test.each([
    ['', undefined], [',', undefined], ['a', undefined], ['=1', undefined], ['a=b c', undefined], ['a="b"', undefined], ['a=1,b', undefined], ['a=caf\xe9', undefined], ['a=\\', undefined],
    ['a=1 , b=2,,', 'a=1,b=2'], ['a=', 'a='], ['a=1;b;c=2', 'a=1;b;c=2'],
    [Array.from({ length: 65 }, (_, at) => `k${at}=v`).join(','), undefined], [Array.from({ length: 4 }, (_, at) => `k${at}=${'v '.repeat(1).trim().repeat(2100)}`).join(','), undefined],
  ])('%j is baggage as %j', (value, expected) => expect(beside('baggage', value)).toBe(expected));

  test('is baggage of all lines in which it was sent', () => expect(traceOf('baggage', 'a=1', 'Baggage', 'b=2').baggage).toBe('a=1,b=2'));

  const KINDS = Object.entries(SHAPED);
  test.each(KINDS)('never has a credential in it: %s', (_kind, make) => {
    for (let run = 0; run < 20; run += 1) {
      const secret = make();
      // Not all of them can stand in these headers as they are; what cannot is not passed on at all.
      for (const name of ['tracestate', 'baggage']) {
        for (const spelled of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('hex').replace(/../g, '%$&')]) {
          const passed = beside(name, `a=1,vendor=${spelled},b=2`);
          expect([undefined, 'a=1,b=2']).toContain(passed);
        }
      }
    }
  });

  test('has no credential in the fields that callers add for the load balancer either', () => {
    for (const field of [`Note=ctx_${'a1B2c3D4'.repeat(5)}`, 'Password=x8dj3k29sk']) {
      expect(traceOf('x-amzn-trace-id', `${AMAZON};${field};CalledFrom=app`).amazonTraceId).toBe(`${AMAZON};CalledFrom=app`);
    }
    expect(traceOf('x-amzn-trace-id', `Note=ctx_${'a1B2c3D4'.repeat(5)}`)).not.toHaveProperty('amazonTraceId');
  });

  test('never has what stands there under the name of a secret, nor the address of a person', () => {
    const address = NAMED['e-mail']?.().secrets[0] ?? '';
    expect(beside('baggage', 'api_key=x8dj3k29sk,a=1')).toBe('a=1');
    expect(beside('baggage', 'session.token=x8dj3k29sk;ttl=4')).toBeUndefined();
    expect(beside('baggage', 'a=1;password=x8dj3k29sk,b=2')).toBe('b=2');
    expect(beside('baggage', `user=${address},a=1`)).toBe('a=1');
    expect(beside('baggage', `user=${address.replace('@', '%40')},a=1`)).toBe('a=1');
    expect(beside('tracestate', `v=${address},a=1`)).toBe('a=1');
  });
});
