/** As Map.groupBy, which Node 20 does not have. */
export function groupBy<K, T>(things: readonly T[], keyOf: (thing: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const others = groups.get(key);
    if (others) others.push(thing);
    else groups.set(key, [thing]);
  }
  return groups;
}
