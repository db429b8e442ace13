import { CONTROL_IDS, type ControlId } from '../controls';

/** An unsafe program that the compiler has refused. */
export interface RefusedProgram {
  readonly title: string;
  readonly controls: readonly ControlId[];
  /** The compiler's, such as `TS2741`. */
  readonly code: string;
  readonly message: string;
}

/** What `tools/compile-unsafe.ts` writes to `assets/typed.json` after it has run the compiler. */
export interface TypedPrograms {
  readonly version: 1;
  /** Of the library the programs were compiled against. */
  readonly library: string;
  readonly compiler: string;
  /** SHA-256 over the programs. */
  readonly digest: string;
  readonly programs: readonly RefusedProgram[];
}

/** Undefined where the content is not what the tool writes. */
export function typedProgramsIn(content: unknown): TypedPrograms | undefined {
  return isMap(content) && content.version === 1 && [content.library, content.compiler, content.digest].every(isText)
    && Array.isArray(content.programs) && content.programs.every(isProgram) ? content as unknown as TypedPrograms : undefined;
}

function isProgram(value: unknown): boolean {
  return isMap(value) && [value.title, value.code, value.message].every(isText)
    && Array.isArray(value.controls) && value.controls.every((id) => (CONTROL_IDS as readonly unknown[]).includes(id));
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
