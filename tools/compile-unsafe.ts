import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { version as library } from '../package.json';
import { CONTROL_IDS, type ControlId } from '../src/controls';
import type { RefusedProgram, TypedPrograms } from '../src/report/typed-programs';

const ROOT = path.resolve(__dirname, '..');
const FOLDER = path.join(ROOT, 'test/types/unsafe');
const TARGET = path.join(ROOT, 'assets/typed.json');

/** The compiler as an app with strict settings runs it. */
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: ['node'],
};

/** A program with what it says of itself and what the compiler says of it. */
export interface CompiledProgram {
  readonly title: string;
  /** Part of the only error that it may have. */
  readonly expected: string;
  readonly controls: readonly string[];
  readonly errors: readonly { readonly code: string; readonly message: string }[];
}

export function unsafePrograms(): string[] {
  return fs.readdirSync(FOLDER).sort().map((name) => path.join(FOLDER, name));
}

export function compile(files: readonly string[]): CompiledProgram[] {
  const program = ts.createProgram(files, OPTIONS);
  return files.map((file) => {
    const text = fs.readFileSync(file, 'utf8');
    const said = (key: string): string => new RegExp(`^// ${key}: (.+)$`, 'm').exec(text)?.[1] ?? '';
    return {
      title: path.basename(file, '.ts').replaceAll('-', ' '),
      expected: said('expect'),
      controls: said('control').split(', ').filter((id) => id !== ''),
      errors: ts.getPreEmitDiagnostics(program, program.getSourceFile(file)).map(({ code, messageText }) => ({ code: `TS${code}`, message: ts.flattenDiagnosticMessageText(messageText, '\n') })),
    };
  });
}

/** Throws where a program is not refused for the reason it names: then there is nothing to record. */
export function refused({ title, expected, controls, errors }: CompiledProgram): RefusedProgram {
  const [error, ...rest] = errors;
  if (error === undefined) throw new Error(`The unsafe program "${title}" compiles.`);
  if (rest.length > 0 || expected === '' || !error.message.includes(expected)) {
    throw new Error(`The unsafe program "${title}" is not refused for its own reason alone: ${errors.map(({ message }) => message).join(' / ')}`);
  }
  const unknown = controls.find((id) => !isControl(id));
  if (controls.length === 0 || unknown !== undefined) throw new Error(`The unsafe program "${title}" names ${unknown === undefined ? 'no control' : `the control ${unknown}, which is none`}.`);
  return { title, controls: controls.filter(isControl), code: error.code, message: withoutRoot(error.message) };
}

function isControl(id: string): id is ControlId {
  return (CONTROL_IDS as readonly string[]).includes(id);
}

/** The record is the same on every machine. */
function withoutRoot(message: string): string {
  return message.replaceAll(`${ROOT}/`, '');
}

export function digestOf(files: readonly string[]): string {
  const digest = createHash('sha256');
  for (const file of files) digest.update(`${path.basename(file)}\n${fs.readFileSync(file, 'utf8')}\n`);
  return digest.digest('hex');
}

export function recordOf(files: readonly string[], programs: readonly CompiledProgram[]): TypedPrograms {
  return { version: 1, library, compiler: ts.version, digest: digestOf(files), programs: programs.map(refused) };
}

function main(): void {
  // An old record proves nothing about a library that has changed since.
  fs.rmSync(TARGET, { force: true });
  const files = unsafePrograms();
  const record = recordOf(files, compile(files));
  fs.mkdirSync(path.dirname(TARGET), { recursive: true });
  fs.writeFileSync(TARGET, `${JSON.stringify(record, undefined, 2)}\n`);
}

if (require.main === module) {
  try {
    main();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
