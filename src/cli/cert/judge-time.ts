import type { CertificateDetail } from '@aws-sdk/client-acm';
import { count } from '../../report/judge-cells';
import type { Checked } from './checked';
import { waitsFor } from './judge-issue';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Whether it is valid now, and long enough to act before it is not. */
export function expiry(certificate: CertificateDetail, minDays: number, now: Date): Checked {
  const at = (verdict: Checked['verdict'], says: string): Checked => ({ check: 'expiry', verdict, says });
  const { NotBefore: from, NotAfter: until } = certificate;
  if (until === undefined) return at(certificate.Status === 'ISSUED' ? 'wrong' : 'note', 'ACM does not say until when it is valid.');
  if (from !== undefined && from > now) return at('wrong', `It is not valid before ${day(from)}.`);
  const days = Math.floor((until.getTime() - now.getTime()) / DAY_MS);
  if (until <= now) return at('wrong', `It expired on ${day(until)}: ${renewsItself(certificate) ? 'request another one.' : 'import another one under the same ARN.'}`);
  const left = `It is valid until ${day(until)}, ${count(days, 'day')} from now`;
  if (days >= minDays) return at('ok', `${left}.`);
  const next = renewsItself(certificate) ? 'ACM should have renewed it by now; see "renewal".' : 'import its successor under the same ARN.';
  return at('wrong', `${left}, and ${count(minDays, 'day')} are asked for: ${next}`);
}

/** Whether anybody has to do something before it expires (ACM user guide, "Managed certificate renewal"). */
export function renewal(certificate: CertificateDetail): Checked {
  const at = (verdict: Checked['verdict'], says: string): Checked => ({ check: 'renewal', verdict, says });
  const { RenewalEligibility: eligible, RenewalSummary: summary, NotAfter: until } = certificate;
  const before = until === undefined ? 'it expires' : day(until);
  if (certificate.Type === 'IMPORTED') return at('note', `An imported certificate never renews itself: import its successor under the same ARN before ${before}.`);
  if (summary?.RenewalStatus === 'FAILED') return at('wrong', `ACM failed to renew it (${summary.RenewalStatusReason ?? 'no reason given'}): request another one before ${before}.`);
  if (summary?.RenewalStatus === 'PENDING_VALIDATION') return at('wrong', `ACM tries to renew it and cannot: ${waitsFor(summary.DomainValidationOptions ?? [])}`);
  if (byMail(certificate)) return at('note', `It was validated by mail: somebody must follow a link at every renewal, first before ${before}. DNS validation needs nobody.`);
  if (eligible === 'ELIGIBLE') return at('ok', 'ACM renews it by itself, as long as its DNS records stay and it stays in use.');
  if (eligible === undefined) return at('note', 'ACM does not say whether it renews it.');
  const unused = (certificate.InUseBy ?? []).length === 0;
  return at('note', unused ? 'ACM does not renew it while nothing uses it.' : `ACM does not renew it: request another one before ${before}.`);
}

function renewsItself({ Type: kind }: CertificateDetail): boolean {
  return kind !== 'IMPORTED';
}

function byMail({ DomainValidationOptions: validations = [] }: CertificateDetail): boolean {
  return validations.some(({ ValidationMethod: method }) => method === 'EMAIL');
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}
