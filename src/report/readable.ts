import { type Property, UndecidableError } from '../checks/template/property';

/** Stands where the templates do not say. */
export const UNKNOWN = 'what only a deployment knows';

/** What is known of a value. */
export const shown = (place: Property): string => place.partialText().text;

/** A drawing leaves out what only a deployment knows: saying so is the business of the rules. */
export function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UndecidableError)) throw error;
    return otherwise;
  }
}
