import { createHash, randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { flatten, type Template } from '../checks/template/template';
import type { Evidence, TemplateDigest } from './evidence';
import { malformedIn } from './evidence-schema';

/** Evidence that cannot be written, read or believed, in one sentence that says what to do. */
export class EvidenceError extends Error {}

/** Where `drill` writes and `report` reads. */
export function evidenceFileOf(assemblyFolder: string): string {
  return path.join(assemblyFolder, 'secure-core', 'evidence.json');
}

/** Every template of an assembly, nested ones too, as it is on the disk. */
export function digestsOf(assemblyFolder: string, templates: readonly Template[]): TemplateDigest[] {
  const digests = templates.flatMap(flatten).flatMap(({ name, file }) => (file === undefined ? [] : [{
    stack: name,
    file: path.relative(assemblyFolder, file).split(path.sep).join('/'),
    sha256: createHash('sha256').update(fs.readFileSync(file)).digest('hex'),
  }]));
  return digests.sort((a, b) => compare(keyOf(a), keyOf(b)));
}

/** Replaces the evidence in one step, so that no report meets half of it. Throws an EvidenceError where it cannot. */
export function writeEvidence(assemblyFolder: string, evidence: Evidence): string {
  const file = evidenceFileOf(assemblyFolder);
  try {
    replace(file, `${JSON.stringify(evidence, undefined, 2)}\n`);
  } catch (error) {
    throw new EvidenceError(`${file} cannot be written: ${error instanceof Error ? error.message : 'for an unknown reason'}.`);
  }
  return file;
}

function replace(file: string, text: string): void {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    fs.writeFileSync(draft, text, { flush: true });
    fs.renameSync(draft, file);
  } finally {
    fs.rmSync(draft, { force: true });
  }
}

/** The evidence of an assembly; undefined where nothing has attacked it. Throws an EvidenceError where it is malformed or about other templates. */
export function readEvidence(assemblyFolder: string, digests: readonly TemplateDigest[]): Evidence | undefined {
  const file = evidenceFileOf(assemblyFolder);
  if (!fs.existsSync(file)) return undefined;
  const evidence = parsed(file);
  const other = differenceOf(evidence.templates, digests);
  if (other !== undefined) throw new EvidenceError(`${file} proves nothing about these templates: ${other}. Run \`cdk-secure-core drill ${assemblyFolder}\` again.`);
  return evidence;
}

function parsed(file: string): Evidence {
  let content: unknown;
  try {
    content = JSON.parse(fs.readFileSync(file, 'utf8')) as unknown;
  } catch (error) {
    // Not in the words of the parser, which quote the text around the place.
    throw new EvidenceError(`${file} cannot be read: ${error instanceof SyntaxError ? 'it is not valid JSON' : 'it is no readable file'}. Run drill again.`);
  }
  const problem = malformedIn(content);
  if (problem !== undefined) throw new EvidenceError(`${file} is not evidence that this version understands: ${problem}. Run drill again.`);
  return content as Evidence;
}

/** The first template that is not the one that was attacked, in words; both ways, for a template nobody attacked is as unproven as a changed one. */
function differenceOf(attacked: readonly TemplateDigest[], found: readonly TemplateDigest[]): string | undefined {
  const before = new Map(attacked.map((digest) => [keyOf(digest), digest.sha256]));
  const now = new Map(found.map((digest) => [keyOf(digest), digest.sha256]));
  const added = found.find((digest) => !before.has(keyOf(digest)));
  if (added) return `stack ${added.stack} (${added.file}) was not there when drill ran`;
  const gone = attacked.find((digest) => !now.has(keyOf(digest)));
  if (gone) return `stack ${gone.stack} (${gone.file}), which drill attacked, is no longer there`;
  const changed = found.find((digest) => before.get(keyOf(digest)) !== digest.sha256);
  return changed && `stack ${changed.stack} (${changed.file}) has changed since drill ran`;
}

function keyOf({ stack, file }: TemplateDigest): string {
  return `${stack}\n${file}`;
}

/** By code units, so that the order is the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
