/** A URL, or undefined where the text is none. Not by `URL.canParse`: once Node 20 has optimized it, it takes no host beyond ASCII. */
export function parsedUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
