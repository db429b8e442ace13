export type JsonObject = Readonly<Record<string, unknown>>;

/** A text of a JSON document, and the colon that makes it the name of a member. */
const TEXT = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g;

/** The object that a text is, unless a name stands in it twice: of two readers, one would believe the first and the other the last. */
export function parseJsonObject(text: string): JsonObject | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isJsonObject(value)) return undefined;
  const written = [...text.matchAll(TEXT)].filter(([, colon]) => colon !== undefined).length;
  return written === countMembers(value) ? value : undefined;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of its own: no name finds what every object inherits. */
export function memberOf(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Not recursive, since a stranger chooses the depth. */
function countMembers(root: unknown): number {
  let count = 0;
  const left: unknown[] = [root];
  while (left.length > 0) {
    const value = left.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (isJsonObject(value)) count += Object.keys(value).length;
    for (const inner of Object.values(value)) left.push(inner);
  }
  return count;
}
