import { onlyValue, receivedHeaders } from '../../../src/runtime/gate/received-headers';

describe('received headers', () => {
  test('keep every value, in its order, below one name', () => {
    const received = receivedHeaders(['Host', 'a', 'X-Custom', '1', 'x-CUSTOM', '2', 'x-custom', '']);
    expect([...received]).toEqual([['host', ['a']], ['x-custom', ['1', '2', '']]]);
  });

  test('are none of an object\'s own', () => {
    const received = receivedHeaders(['__proto__', 'a', 'constructor', 'b']);
    expect(received.get('__proto__')).toEqual(['a']);
    expect(received.get('toString')).toBeUndefined();
    expect(receivedHeaders([]).get('constructor')).toBeUndefined();
  });

  test('have an only value where there is one', () => {
    const received = receivedHeaders(['A', '1', 'B', '1', 'b', '1', 'C', '']);
    expect(['a', 'b', 'c', 'd'].map((name) => onlyValue(received, name))).toEqual(['1', undefined, '', undefined]);
  });
});
