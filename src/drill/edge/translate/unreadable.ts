import type { Spot } from './spot';

/** Something that is known by name and cannot be told of a request here. Where a rule blocks by it, the rule is left out and proves nothing. */
export class Unreadable extends Error {
  public constructor(public readonly spot: Spot, public readonly reason: string) {
    super(reason);
  }
}

export function unreadable(spot: Spot, reason: string): never {
  throw new Unreadable(spot, reason);
}
