import { covers } from '../../../checks/rules/policies';
import type { Json, JsonMap } from '../../../checks/template/template';
import { omit } from '../../saboteurs';
import { mapOf, mapsIn, textsIn } from './reading';

/** The statements of a resource's policy; none where it has no policy. */
export const statementsOf = (document: Json | undefined): readonly JsonMap[] => mapsIn(mapOf(document).Statement);

/**
 * Those statements of a resource's policy that are about somebody, as a policy of his own would say the same. One that lets an account in hands the decision to the
 * policies of that account: it allows its root something, and nobody else (IAM guide, "AWS JSON policy elements: Principal").
 */
export function statementsAbout(statements: readonly JsonMap[], arn: string): JsonMap[] {
  const [, , , , account = ''] = arn.split(':');
  const isRoot = arn.endsWith(':root');
  const isAccount = (name: string): boolean => name === account || name === `arn:aws:iam::${account}:root`;
  return statements.filter(({ Effect, Principal, NotPrincipal }) => {
    if (NotPrincipal !== undefined) return !namesIn(NotPrincipal).some((name) => covers(name, arn));
    return namesIn(Principal).some((name) => (isAccount(name) ? Effect === 'Deny' || isRoot : covers(name, arn)));
  }).map((statement) => omit(statement, 'Principal', 'NotPrincipal', 'Sid'));
}

function namesIn(principal: Json | undefined): readonly string[] {
  return typeof principal === 'string' ? [principal] : textsIn(mapOf(principal).AWS);
}
