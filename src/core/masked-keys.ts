import type { IConstruct } from 'constructs';
import { AuditTrail, type IAuditTrail } from '../audit/audit-trail';
import type { IIngress } from '../ingress/ingress';
import { invalidProp } from '../invalid-prop';

/** Both containers log there, and a key that slips in is there for every reader (RED-1). Of what was not made here a rule says it. */
export function checkMasked(scope: IConstruct, audit: IAuditTrail, { authorizers }: IIngress): void {
  const bare = authorizers.map(({ _identity: { key } }) => key?.prefix).find((prefix) => prefix !== undefined && audit instanceof AuditTrail && !audit._masks(prefix));
  if (bare !== undefined) throw invalidProp(scope, 'audit', `a trail that masks no key that begins with ${bare}`, `Name it there: new AuditTrail(this, 'Audit', { keyPrefixes: ['${bare}'] }).`);
}
