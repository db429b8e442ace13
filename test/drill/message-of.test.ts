import { runInNewContext } from 'node:vm';
import { codeOf, messageOf, nameOf } from '../../src/drill/message-of';

const FOREIGN: unknown = runInNewContext('Object.assign(new TypeError("it broke"), { code: "EBROKEN" })');

test('an error of another realm is read as one of this', () => {
  expect(FOREIGN).not.toBeInstanceOf(Error);
  expect([messageOf(FOREIGN), nameOf(FOREIGN), codeOf(FOREIGN)]).toEqual(['it broke', 'TypeError', 'EBROKEN']);
});

test('what is no error is said as it is, and has neither name nor code', () => {
  expect([messageOf('gone'), nameOf('gone'), codeOf('gone')]).toEqual(['gone', '', '']);
  expect([messageOf(null), nameOf(undefined)]).toEqual(['null', '']);
});

test('a code that is no text is none', () => {
  expect(codeOf({ code: 403 })).toBe('');
});
