import type { CertificateDetail, DomainValidation } from '@aws-sdk/client-acm';
import { listed } from '../../listed';
import type { Checked } from './checked';

/** How many names a sentence lists. */
const MAX_NAMED = 3;

/** Why ACM gave up (ACM API, FailureReason): what to do about the reasons that a user can act on. */
const FAILURES: Readonly<Record<string, string>> = {
  ADDITIONAL_VERIFICATION_REQUIRED: 'Amazon wants to know more about this domain: ask AWS Support.',
  CAA_ERROR: 'A CAA record of the domain does not let Amazon issue: add amazon.com to it, and request the certificate again.',
  DOMAIN_NOT_ALLOWED: 'Amazon lists the domain as unsafe: ask AWS Support.',
  DOMAIN_VALIDATION_DENIED: 'Whoever got the validation mail refused it: request it again, with DNS validation.',
  INVALID_PUBLIC_DOMAIN: 'No public authority issues for such a name, as for .internal or .local: use a private CA, or import a certificate.',
  NO_AVAILABLE_CONTACTS: 'There is no mail address for the validation: request it again, with DNS validation.',
  PCA_ACCESS_DENIED: 'ACM may not use the private CA: grant acm.amazonaws.com on it.',
  PCA_INVALID_STATE: 'The private CA is not active.',
  PCA_RESOURCE_NOT_FOUND: 'The private CA does not exist any more.',
  SLR_NOT_FOUND: 'The service-linked role of ACM is missing: create it, and request the certificate again.',
};

/** Whether a listener can take it: only what is issued can be attached. */
export function issued(certificate: CertificateDetail): Checked {
  const at = (verdict: Checked['verdict'], says: string): Checked => ({ check: 'issued', verdict, says });
  switch (certificate.Status) {
    case 'ISSUED': return at('ok', 'It is issued.');
    case 'PENDING_VALIDATION': return at('wrong', `It is not issued yet: ${waitsFor(certificate.DomainValidationOptions ?? [])}`);
    case 'VALIDATION_TIMED_OUT': return at('wrong', 'ACM waited 72 hours for the validation and gave up: request it again, and put its DNS records in place at once.');
    case 'FAILED': return at('wrong', `ACM could not issue it (${certificate.FailureReason ?? 'no reason given'}). ${FAILURES[certificate.FailureReason ?? ''] ?? 'Request it again.'}`);
    case 'REVOKED': return at('wrong', `It was revoked (${certificate.RevocationReason ?? 'no reason given'}): request another one.`);
    case 'EXPIRED': return at('wrong', 'It has expired: request or import another one.');
    case 'INACTIVE': return at('wrong', 'It is inactive: request another one.');
    default: return at('wrong', 'ACM gives it a status that this command does not know: look at it in the console.');
  }
}

/** What the validation of a certificate, or of its renewal, waits for. */
export function waitsFor(validations: readonly DomainValidation[]): string {
  const open = validations.filter(({ ValidationStatus: status }) => status !== 'SUCCESS');
  const byMail = open.filter(({ ValidationMethod: method }) => method === 'EMAIL').map(({ DomainName: name = '' }) => name);
  // A wildcard and its parent share one record.
  const records = [...new Set(open.flatMap(({ ResourceRecord: record }) => (record ? [`${String(record.Name)} ${String(record.Type)} ${String(record.Value)}`] : [])))];
  if (records.length > 0) return `put ${records.length === 1 ? 'this record' : 'these records'} into the public DNS (ACM does not see a private hosted zone): ${records.join('; ')}`;
  if (byMail.length > 0) return `somebody must follow the link in the validation mail for ${listed(byMail, MAX_NAMED)}.`;
  return 'ACM has not made its DNS records yet, which takes some seconds: ask again.';
}

/** Who vouches for it, which decides who trusts it. */
export function type({ Type: kind, Issuer: issuer, CertificateAuthorityArn: authority }: CertificateDetail): Checked {
  const at = (verdict: Checked['verdict'], says: string): Checked => ({ check: 'type', verdict, says });
  switch (kind) {
    case 'AMAZON_ISSUED': return at('ok', 'Amazon issued it: every client trusts it without doing anything.');
    case 'PRIVATE': return at('note', `A private CA issued it${authority === undefined ? '' : ` (${authority})`}: every caller must trust that CA.`);
    case 'IMPORTED': return at('note', `It was imported${issuer === undefined ? '' : `, issued by ${issuer}`}: every caller must trust that issuer, and the chain must have been imported with it.`);
    default: return at('note', 'ACM does not say who issued it.');
  }
}
