/** Names as a sentence has them; beyond the first few only how many more there are, since a list of hundreds helps nobody. */
export function listed(names: readonly string[], most: number): string {
  const shown = names.length > most + 1 ? [...names.slice(0, most), `${names.length - most} more`] : names;
  const last = shown.at(-1) ?? '';
  return shown.length > 1 ? `${shown.slice(0, -1).join(', ')} and ${last}` : last;
}
