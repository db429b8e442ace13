import type { IConstruct } from 'constructs';
import { checkScopes } from './checked-scopes';
import type { TgefdProof } from './tgefd-auth';
import type { TgefdRoles } from './tgefd-props';
import { TgefdScope } from './tgefd-scope';

/** Scopes by role, as callers' credentials spell them. */
export type RoleScopes = Readonly<Record<keyof TgefdRoles, string[]>>;

/** What a reader may have at most: nothing heavy (TG-46). */
const READABLE = [TgefdScope.METRICS, TgefdScope.JOBS];

/** In the order of the document (TG-44, TG-45), whose `*` of `admin` is written out (C-10). */
const ALL = [TgefdScope.DISCOVER, TgefdScope.EVALUATE, TgefdScope.JOBS, TgefdScope.METRICS];

/** What each role stands for, checked. */
export function roleScopes(scope: IConstruct, { spelled }: Pick<TgefdProof, 'spelled'>, roles: TgefdRoles = {}): RoleScopes {
  const { admin = ALL, analyst = ALL, reader = READABLE } = roles;
  checkScopes(scope, 'profile.roles.admin', admin);
  checkScopes(scope, 'profile.roles.analyst', analyst);
  checkScopes(scope, 'profile.roles.reader', reader, READABLE);
  const all = (scopes: readonly TgefdScope[]): string[] => [...new Set(scopes)].map(spelled);
  return { admin: all(admin), analyst: all(analyst), reader: all(reader) };
}
