import { faultOf, jsonLog, tellable } from '../../../src/runtime/rotation/log';
import { RotationError } from '../../../src/runtime/rotation/ports';

const CANARY = 'canary-password-7f3a';
const named = (name: string, properties: object = {}): Error => Object.assign(new Error(`cannot set password '${CANARY}'`), { name, ...properties });

describe('a line', () => {
  test('is one line of JSON', () => {
    const lines: string[] = [];
    jsonLog((line) => lines.push(line))({ event: 'some\nthing', count: 1 });
    expect(lines).toEqual(['{"event":"some\\nthing","count":1}\n']);
  });
});

describe('a failure', () => {
  test('of ours is logged and told in its own words', () => {
    const error = new RotationError('NO_ADMIN', 'There is no admin.');
    expect(faultOf(error)).toEqual({ error: 'RotationError', code: 'NO_ADMIN', message: 'There is no admin.' });
    expect(tellable(error)).toBe(error);
  });

  test.each<[string, unknown, object]>([
    ['the AWS SDK', named('ResourceNotFoundException', { $metadata: { requestId: CANARY } }), { error: 'ResourceNotFoundException' }],
    ['PostgreSQL', named('error', { code: '28P01', query: CANARY }), { error: 'error', code: '28P01' }],
    ['a socket', named('Error', { code: 'ECONNREFUSED' }), { error: 'Error', code: 'ECONNREFUSED' }],
    ['somebody who names it after a value', named(CANARY, { code: CANARY }), { error: 'Error' }],
    ['somebody whose code is an object', named('TypeError', { code: { CANARY } }), { error: 'TypeError' }],
    ['somebody who throws a text', CANARY, { error: 'unknown' }],
  ])('of %s is told by its class and its code alone', (_of, error, fault) => {
    expect(faultOf(error)).toEqual(fault);
    const told = tellable(error);
    expect(told).toBeInstanceOf(RotationError);
    expect(told.cause).toBeUndefined();
    expect(`${told.message} ${told.stack ?? ''} ${JSON.stringify(told)}`).not.toContain(CANARY);
    expect(told.message).toContain('error' in fault ? fault.error as string : '');
  });
});
