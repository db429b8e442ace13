import { receivedHeaders } from '../../../src/runtime/gate/received-headers';
import { traceContextOf } from '../../../src/runtime/gate/trace-context';

const PARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const NEW = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$/;
const AMAZON = 'Root=1-67891233-abcdef012345678912345678';
const traceOf = (...rawHeaders: string[]) => traceContextOf(receivedHeaders(rawHeaders));

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
