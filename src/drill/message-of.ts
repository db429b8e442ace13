/** What an error says; anything may be thrown. */
export function messageOf(error: unknown): string {
  return textOf(error, 'message') ?? String(error);
}

/** What AWS calls an error by; empty where it has no name. */
export function nameOf(error: unknown): string {
  return textOf(error, 'name') ?? '';
}

/** The code that Node.js, OpenSSL or a server gives an error; empty where it has none. */
export function codeOf(error: unknown): string {
  return textOf(error, 'code') ?? '';
}

/** Not by its class: what Node.js itself throws may be an Error of another realm. */
function textOf(error: unknown, field: 'message' | 'name' | 'code'): string | undefined {
  const value = typeof error === 'object' && error !== null && field in error ? (error as Readonly<Record<string, unknown>>)[field] : undefined;
  return typeof value === 'string' ? value : undefined;
}
