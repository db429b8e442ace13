import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseEnvFile, readEnvFile } from '../../src/cli/env-file';

const values = (text: string): Record<string, string> => Object.fromEntries(parseEnvFile(text, 'prod.env').values);

describe('a file of variables', () => {
  test.each<[string, string, Record<string, string>]>([
    ['assignments, and blanks around them', 'A=1\n  B = two words \n', { A: '1', B: 'two words' }],
    ['what a shell exports', 'export A=1\nexport\tB=2', { A: '1', B: '2' }],
    ['a variable named export', 'export=1', { export: '1' }],
    ['comments, and none within a word', '# A=0\n\n  # more\nA=1 # one\nB=a#b\nC="x" # y\nD= # nothing\nE=#e', { A: '1', B: 'a#b', C: 'x', D: '', E: '#e' }],
    ['nothing', 'A=\nB=""\nC=\'\'', { A: '', B: '', C: '' }],
    ['blanks that quotes keep', 'A="bearer "\nB=\' x \'\nC=bearer ', { A: 'bearer ', B: ' x ', C: 'bearer' }],
    ['quotes in quotes', 'A="say \\"hi\\" for \\$5\\\\"\nB=\'["k:u"]\'\nC="it\'s"\nD=it\'s', { A: 'say "hi" for $5\\', B: '["k:u"]', C: 'it\'s', D: 'it\'s' }],
    ['backslashes as they are in single quotes and without any', 'A=\'a\\n\'\nB=C:\\new\nC="a\\nb\\d"', { A: 'a\\n', B: 'C:\\new', C: 'a\nb\\d' }],
    ['values over several lines', 'A="one\n# two\nB=3"\nC=\'x\ny\'\nD=4', { A: 'one\n# two\nB=3', C: 'x\ny', D: '4' }],
    ['equal signs in values', 'A=aGk=\nB="x=y"\nC==', { A: 'aGk=', B: 'x=y', C: '=' }],
    ['dollars as they are', 'A=1\nB=$A${A}\nC="$A"', { A: '1', B: '$A${A}', C: '$A' }],
    ['files of Windows', '\uFEFFA=1\r\nB="2 "\r\n\r\n# C\r\nD=4', { A: '1', B: '2 ', D: '4' }],
    ['an empty file', '', {}],
  ])('is read with %s', (_, text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  test('tells what is there more than once', () => {
    const { values: last, twice } = parseEnvFile('A=1\nB=2\nA=3\nexport A=4\n', 'prod.env');
    expect([last.get('A'), [...twice]]).toEqual(['4', ['A']]);
  });

  test.each<[string, string, number]>([
    ['no equal sign', 'A=1\n\nhunter2\nB=2', 3],
    ['an export of nothing', 'export HUNTER2hunter2', 1],
    ['a colon', 'A=1\nB: hunter2', 2],
    ['a name that is none', '1hunter2=x', 1],
    ['blanks in a name', 'A hunter2=x', 1],
    ['a quote that stays open', 'A=1\nB="hunter2\nC=3\n', 2],
    ['something behind a quote', 'A=\'1\'\nB= "hunter2" hunter2\n', 2],
    ['the line after a long value', 'A="1\n2\n3"\nhunter2', 4],
    ['Windows\' line ends', 'A=1\r\nhunter2\r\n', 2],
  ])('is refused for %s, by the line and not by what stands there', (_, text, line) => {
    expect(() => values(text)).toThrow(new RegExp(`^prod\\.env, line ${line} is not NAME=value: `));
    expect(() => values(text)).not.toThrow(/hunter2/);
  });

  test('is read from disk, or refused in a sentence', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'env-file-'));
    const file = path.join(folder, 'prod.env');
    fs.writeFileSync(file, 'A=ü\n');
    expect(readEnvFile(file).values.get('A')).toBe('ü');
    expect(() => readEnvFile(folder)).toThrow(/^--env-file .* cannot be read: /);
    expect(() => readEnvFile(path.join(folder, 'none.env'))).toThrow(/^--env-file .*none\.env cannot be read: /);
    fs.rmSync(folder, { recursive: true });
  });
});
