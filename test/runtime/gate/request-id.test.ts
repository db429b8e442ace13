import { receivedHeaders } from '../../../src/runtime/gate/received-headers';
import { requestIdOf } from '../../../src/runtime/gate/request-id';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const idOf = (...values: string[]): string => requestIdOf(receivedHeaders(values.flatMap((value) => ['X-Request-Id', value])));

describe('a request id', () => {
  test.each(['a', 'A-b_c.9', 'f'.repeat(64), '7d1c1f2e-6a5b-4c3d-8e9f-000000000000'])('%s is the caller\'s', (id) => expect(idOf(id)).toBe(id));

  test.each(['', 'f'.repeat(65), 'a b', 'a\r\nx: y', 'a\n', '<b>', 'a/b', 'a:b', 'caf\xe9', '$(id)', ' a'])('%j is replaced', (id) => expect(idOf(id)).toMatch(UUID));

  test('is made where none or several were sent, each time another', () => {
    expect(idOf('a', 'a')).toMatch(UUID);
    expect(idOf()).toMatch(UUID);
    expect(idOf()).not.toBe(idOf());
  });
});
