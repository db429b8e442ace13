/** The two parts of the admin plane: the path itself, and everything below it. */
export const ADMIN_PARTS = ['/admin', '/admin/'] as const;
export type AdminPart = typeof ADMIN_PARTS[number];

/** Where a reader of the pattern may stand once it has read some text: a star stands for any characters, a question mark for one (ELB guide, "Path conditions"). */
function placesAfter(pattern: string, text: string): ReadonlySet<number> {
  const resting = (places: Iterable<number>): Set<number> => {
    const all = new Set(places);
    for (const place of all) if (pattern[place] === '*') all.add(place + 1);
    return all;
  };
  return Array.from(text).reduce((places, character) => resting([...places].flatMap((place) => {
    if (pattern[place] === '*') return [place];
    return pattern[place] === '?' || pattern[place] === character ? [place + 1] : [];
  })), resting([0]));
}

export function matches(pattern: string, text: string): boolean {
  return placesAfter(pattern, text).has(pattern.length);
}

/** Whether a pattern takes some request for a part; what is left of a pattern can always be met by some ending. */
export function reaches(pattern: string, part: AdminPart): boolean {
  return part === '/admin' ? matches(pattern, part) : placesAfter(pattern, part).size > 0;
}

/** Whether a pattern takes every request for a part: everything below needs a star at the end, and nothing before it that more text could miss. */
export function covers(pattern: string, part: AdminPart): boolean {
  if (part === '/admin') return matches(pattern, part);
  if (!pattern.endsWith('*')) return false;
  const beforeStar = pattern.slice(0, -1);
  return Array.from({ length: part.length + 1 }, (_, length) => part.slice(0, length)).some((beginning) => matches(beforeStar, beginning));
}
