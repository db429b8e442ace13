import { isJsonMap, type Json } from '../../checks/template/template';

/** A value that the template leaves to the deployment, and that nobody here can work out. */
export class Unknowable {
  public constructor(public readonly reason: string) {}
}

/** What the template says, references turned into what they have become. */
export type Told = Json | Unknowable | readonly Told[] | ToldMap;
export interface ToldMap { readonly [key: string]: Told | undefined }

export function isToldMap(value: Told | undefined): value is ToldMap {
  return isJsonMap(value) && !(value instanceof Unknowable);
}

export function asToldMap(value: Told | undefined): ToldMap {
  return isToldMap(value) ? value : {};
}

export function asToldList(value: Told | undefined): readonly Told[] {
  return Array.isArray(value) ? value as readonly Told[] : [];
}

/** Text of a scalar; undefined for anything else. */
export function scalar(value: Told | undefined): string | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}
