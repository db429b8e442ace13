/** The lifetime that a browser reads from Strict-Transport-Security, in seconds. */
export function maxAgeOf(value: string | undefined): number {
  return Number(/(?:^|;)\s*max-age\s*=\s*"?(\d+)"?\s*(?:;|$)/i.exec(value ?? '')?.[1] ?? 0);
}
