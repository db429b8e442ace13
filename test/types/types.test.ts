import * as path from 'node:path';
import { type CompiledProgram, compile, digestOf, recordOf, refused, unsafePrograms } from '../../tools/compile-unsafe';

const PROGRAMS = unsafePrograms();
const SAFE = path.join(__dirname, 'safe.ts');
const compiled = compile([...PROGRAMS, SAFE]);

function named(title: string): CompiledProgram {
  const program = compiled.find((candidate) => candidate.title === title);
  if (!program) throw new Error(`There is no program ${title}.`);
  return program;
}

describe('What is unsafe does not compile', () => {
  test('while what is safe does', () => {
    expect(named('safe').errors).toEqual([]);
  });

  test.each(compiled.filter(({ title }) => title !== 'safe').map((program) => [program.title, program] as const))('%s', (_, { expected, errors }) => {
    expect(expected).not.toBe('');
    expect(errors).toHaveLength(1);
    expect(errors[0]?.message).toContain(expected);
  });
});

describe('The record of what does not compile', () => {
  test('names every program with its controls and the compiler\'s words', () => {
    const { programs, digest } = recordOf(PROGRAMS, compiled.filter(({ title }) => title !== 'safe'));
    expect(digest).toBe(digestOf(PROGRAMS));
    expect(programs).toHaveLength(PROGRAMS.length);
    expect(programs).toContainEqual(expect.objectContaining({ title: 'no audience', controls: ['IDN-3'], code: 'TS2345' }));
    expect(programs).toContainEqual(expect.objectContaining({ title: 'second service', controls: ['IDN-1', 'NET-2'] }));
    expect(JSON.stringify(programs)).not.toContain(path.resolve(__dirname, '../..'));
  });

  test('has another digest for other programs', () => {
    expect(digestOf(PROGRAMS.slice(1))).not.toBe(digestOf(PROGRAMS));
  });

  test('is not made where a program compiles, fails for another reason, or names no control', () => {
    expect(() => refused(named('safe'))).toThrow('The unsafe program "safe" compiles.');
    expect(() => refused({ ...named('no audience'), expected: 'another reason' })).toThrow('not refused for its own reason alone');
    expect(() => refused({ ...named('no audience'), controls: [] })).toThrow('names no control');
    expect(() => refused({ ...named('no audience'), controls: ['TLS-99'] })).toThrow('the control TLS-99, which is none');
  });
});
