import { parseCloudFormationYaml } from './yaml';

/** Reads a template that somebody wrote, JSON or YAML. Throws an Error of one line. */
export function parseTemplateText(text: string, file: string): unknown {
  const startsAsJson = /^\s*\{/.test(text);
  if (!startsAsJson && !/\.json$/i.test(file)) return parseCloudFormationYaml(text);
  try {
    return parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return parseFlow(text, error);
  }
}

/** A YAML template may start with a brace as well; where it is neither, the author most likely meant JSON. */
function parseFlow(text: string, { message }: SyntaxError): unknown {
  try {
    return parseCloudFormationYaml(text);
  } catch {
    throw new Error(explained(text, message));
  }
}

/** Not in the words of the engine, which quote the text around the place: that may be a secret. */
function explained(text: string, message: string): string {
  const position = /position (\d+)/.exec(message)?.[1];
  const lines = text.trimEnd().slice(0, position === undefined ? undefined : Number(position)).split('\n').length;
  const isCutOff = /end of JSON|Unterminated/.test(message) || (position !== undefined && Number(position) >= text.trimEnd().length);
  if (isCutOff) return `it is JSON that ends too early, in line ${lines}`;
  return position === undefined ? 'it is not valid JSON' : `it is not valid JSON, in line ${lines}`;
}

function parseJson(text: string): unknown {
  const value = JSON.parse(text) as unknown;
  const twice = duplicateKey(text);
  if (twice !== undefined) throw new Error(`its JSON has the key ${twice} twice in one object`);
  return value;
}

/** The first key that an object of a valid JSON text has twice: a parser keeps the last one and drops what a reader saw first. */
function duplicateKey(text: string): string | undefined {
  const around: Set<string>[] = [];
  for (const [token, quoted, colon] of text.matchAll(/("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?|[{}]/g)) {
    if (token === '{') around.push(new Set());
    if (token === '}') around.pop();
    if (quoted === undefined || colon === undefined) continue;
    const key = JSON.parse(quoted) as string;
    const keys = around.at(-1);
    if (keys?.has(key)) return key;
    keys?.add(key);
  }
  return undefined;
}
