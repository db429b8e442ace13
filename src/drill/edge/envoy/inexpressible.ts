import type { Place } from '../model';

/** Something of the model that Envoy cannot imitate. It is said aloud: left out, it would be proof of nothing. */
export class InexpressibleError extends Error {
  public constructor(place: Place, what: string, instead: string) {
    super(`${place.stack}/${place.logicalId}: ${what} cannot be imitated by the edge; ${instead}.`);
    this.name = 'InexpressibleError';
  }
}
