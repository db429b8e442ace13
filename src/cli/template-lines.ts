import * as fs from 'node:fs';
import * as path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Document, isCollection, isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Finding } from '../checks/finding';
import { flatten, type Template } from '../checks/template/template';
import type { FileLocation } from '../report/sarif';

interface ParsedFile {
  readonly document: Document;
  readonly lines: LineCounter;
}

/** Finds the lines of findings in the templates' files; JSON is read as the YAML that it also is. */
export class TemplateLines {
  private readonly files: ReadonlyMap<string, string>;
  private readonly parsed = new Map<string, ParsedFile>();

  public constructor(templates: readonly Template[]) {
    this.files = new Map(templates.flatMap(flatten).flatMap(({ name, file }) => (file === undefined ? [] : [[name, file]])));
  }

  public locate(finding: Finding): FileLocation | undefined {
    const file = this.files.get(finding.stack);
    return file === undefined ? undefined : { uri: uriOf(file), line: this.lineOf(finding, file) };
  }

  /** Of the deepest place on the way to the property that the file has. */
  private lineOf({ logicalId, path: place }: Finding, file: string): number {
    const { document, lines } = this.read(file);
    const parts = place.split('.');
    const ways = [['Resources', logicalId, ...parts], ['Resources', ...parts], parts];
    // What is named first is where the reader should look, unless the resource is somewhere else than the finding.
    const offset = ways.map((way) => offsetOf(document, way)).find((found) => found !== undefined);
    return offset === undefined ? 1 : lines.linePos(offset).line;
  }

  private read(file: string): ParsedFile {
    const known = this.parsed.get(file);
    if (known) return known;
    const lines = new LineCounter();
    const document = parseDocument(fs.readFileSync(file, 'utf8'), { lineCounter: lines, logLevel: 'silent', merge: true });
    const parsed = { document, lines };
    this.parsed.set(file, parsed);
    return parsed;
  }
}

/** How many steps a way must go to have found anything: `Resources` alone is no place. */
const LEAST = 2;

function offsetOf(document: Document, way: readonly string[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  let steps = 0;
  for (const part of way) {
    const entry = entryOf(node, part);
    if (entry === undefined) break;
    [offset, node] = entry;
    steps += 1;
  }
  return steps >= Math.min(LEAST, way.length) ? offset : undefined;
}

function entryOf(node: unknown, part: string): [offset: number | undefined, value: unknown] | undefined {
  if (isMap(node)) {
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part);
    return pair && [isScalar(pair.key) ? pair.key.range?.[0] : undefined, pair.value];
  }
  if (!isCollection(node)) return undefined;
  const item = /^\d+$/.test(part) ? node.items[Number(part)] : undefined;
  return isScalar(item) || isCollection(item) ? [item.range?.[0], item] : undefined;
}

/** Relative where the file lies below: code hosts know files by their place in the repository, which is where builds run. */
function uriOf(file: string): string {
  const relative = path.relative(process.cwd(), path.resolve(file));
  if (relative.startsWith('..') || path.isAbsolute(relative)) return pathToFileURL(file).href;
  return relative.split(path.sep).map(encodeURIComponent).join('/');
}
