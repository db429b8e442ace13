import type { IConstruct } from 'constructs';
import type { GateOptions } from '../gate/gate-props';
import { type HttpsOrigin, serializedOrigins } from '../gate/https-origin';
import { invalidProp } from '../invalid-prop';

/** Refuses what are no pages, and a list with none in it, which would look like one that admits some. */
export function checkPages(scope: IConstruct, origins: readonly HttpsOrigin[] | undefined): void {
  if (origins !== undefined) serializedOrigins(scope, 'profile.corsOrigins', origins);
  if (origins?.length === 0) throw invalidProp(scope, 'profile.corsOrigins', origins, 'Name at least one HttpsOrigin, or leave it out: no page of another site is answered then.');
}

/** What the gate answers browsers; nothing where no page was named. */
export const corsOf = (origins: HttpsOrigin[] | undefined): Pick<GateOptions, 'cors'> => (origins ? { cors: { origins } } : {});
