import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const UNSAFE = path.join(__dirname, 'unsafe');
const PROGRAMS = fs.readdirSync(UNSAFE).map((name) => path.join(UNSAFE, name));
const SAFE = path.join(__dirname, 'safe.ts');

const program = ts.createProgram([...PROGRAMS, SAFE], {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: ['node'],
});

function errorsOf(file: string): string[] {
  const source = program.getSourceFile(file);
  return ts.getPreEmitDiagnostics(program, source).map((diagnostic) => ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n'));
}

describe('What is unsafe does not compile', () => {
  test('while what is safe does', () => {
    expect(errorsOf(SAFE)).toEqual([]);
  });

  test.each(PROGRAMS.map((file) => [path.basename(file, '.ts'), file]))('%s', (_, file) => {
    const expected = /^\/\/ expect: (.+)$/m.exec(fs.readFileSync(file, 'utf8'))?.[1];
    const errors = errorsOf(file);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain(expected);
  });
});
