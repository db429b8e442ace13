/** DNS knows neither case nor the dot of the root. */
function plain(name: string): string {
  return name.toLowerCase().replace(/\.$/, '');
}

/** Whether a name in a certificate is good for a host: the same, or a wildcard for exactly its first label (RFC 9525, 6.3). */
export function covers(certified: string, host: string): boolean {
  const [pattern, name] = [plain(certified), plain(host)];
  if (pattern === name) return true;
  const dot = name.indexOf('.');
  // A host that is itself a pattern stands for many names, which no other wildcard is known to cover.
  return dot > 0 && !name.includes('*') && pattern === `*${name.slice(dot)}`;
}

/** The hosts that none of the names is good for. */
export function uncovered(certified: readonly string[], hosts: readonly string[]): string[] {
  return hosts.filter((host) => !certified.some((name) => covers(name, host)));
}
