import type { CertificateDetail } from '@aws-sdk/client-acm';
import { regionAndAccountOf } from '../../arn';
import type { Describe } from './acm';
import type { CheckedCertificate, Expectations } from './checked';
import { judge, namesOf } from './judge';
import { uncovered } from './names';

/** Certificates that one listener presents, and what they must be. */
export interface Asked {
  readonly arns: readonly string[];
  readonly expected: Expectations;
}

/** Looks up and judges the certificates of one listener. A name counts as covered where any of them is good for it: the listener chooses by SNI. */
export async function preflight({ arns, expected }: Asked, describe: Describe, now: Date): Promise<CheckedCertificate[]> {
  const looked = await Promise.all(arns.map(async (arn) => ({ arn, certificate: await describe(arn) })));
  return looked.map(({ arn, certificate }) => {
    if (certificate === undefined) return { arn, checks: [missing(arn)] };
    const others = looked.filter((other) => other.arn !== arn).flatMap((other): CertificateDetail[] => (other.certificate ? [other.certificate] : []));
    const elsewhere = others.flatMap(namesOf);
    const names = expected.names.filter((name) => uncovered(elsewhere, [name]).length > 0 || uncovered(namesOf(certificate), [name]).length === 0);
    return { arn, checks: judge({ CertificateArn: arn, ...certificate }, { ...expected, names }, now) };
  });
}

function missing(arn: string): CheckedCertificate['checks'][number] {
  const { region, account } = regionAndAccountOf(arn);
  return { check: 'issued', verdict: 'wrong', says: `ACM has no such certificate in ${region} of account ${account}: was it deleted, or is the ARN mistyped?` };
}
