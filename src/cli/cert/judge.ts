import type { CertificateDetail } from '@aws-sdk/client-acm';
import { regionAndAccountOf } from '../../arn';
import { listed } from '../../listed';
import type { Checked, Expectations } from './checked';
import { issued, type } from './judge-issue';
import { expiry, renewal } from './judge-time';
import { uncovered } from './names';

/** How many names a sentence lists. */
const MAX_NAMED = 5;

/**
 * Key types, as ACM names them (ACM user guide, "Prerequisites for importing certificates": Application Load Balancers take all of them).
 * RSA below 2048 bits is disallowed by NIST SP 800-131A. That some clients do not offer P-521 is common knowledge and unproven here.
 */
const KEYS: Readonly<Record<string, Pick<Checked, 'verdict' | 'says'>>> = {
  RSA_1024: { verdict: 'wrong', says: 'Its key is RSA of 1024 bits, which is too short to be safe: use RSA of 2048 bits or more, or ECDSA P-256.' },
  RSA_2048: { verdict: 'ok', says: 'Its key is RSA of 2048 bits.' },
  RSA_3072: { verdict: 'ok', says: 'Its key is RSA of 3072 bits.' },
  RSA_4096: { verdict: 'ok', says: 'Its key is RSA of 4096 bits.' },
  EC_prime256v1: { verdict: 'ok', says: 'Its key is ECDSA P-256.' },
  EC_secp384r1: { verdict: 'ok', says: 'Its key is ECDSA P-384.' },
  EC_secp521r1: { verdict: 'note', says: 'Its key is ECDSA P-521: a load balancer takes it, but not every client does. P-256 and P-384 are understood everywhere.' },
};

/** Every answer about a certificate, in the order in which one would ask. Says nothing about what ACM does not tell. */
export function judge(certificate: CertificateDetail, expected: Expectations, now: Date): readonly Checked[] {
  return [
    issued(certificate),
    names(certificate, expected.names),
    key(certificate),
    purpose(certificate),
    expiry(certificate, expected.minDays, now),
    renewal(certificate),
    region(certificate, expected.region),
    inUse(certificate, expected.inUseBy),
    type(certificate),
  ];
}

/** Clients compare subject alternative names alone (RFC 9525, 2); ACM repeats the main name among them. */
export function namesOf({ SubjectAlternativeNames: names, DomainName: name }: CertificateDetail): readonly string[] {
  return names !== undefined && names.length > 0 ? names : [name].filter((one) => one !== undefined);
}

function names(certificate: CertificateDetail, hosts: readonly string[]): Checked {
  const certified = namesOf(certificate);
  const its = `It is for ${listed(certified, MAX_NAMED)}`;
  if (hosts.length === 0) return { check: 'names', verdict: 'note', says: `${its}; give --name to compare.` };
  const missing = uncovered(certified, hosts);
  if (missing.length === 0) return { check: 'names', verdict: 'ok', says: `It covers ${listed(hosts, MAX_NAMED)}.` };
  const wildcard = certified.some((name) => name.startsWith('*.')) ? ' A wildcard stands for one label only.' : '';
  return { check: 'names', verdict: 'wrong', says: `It does not cover ${listed(missing, MAX_NAMED)}. ${its}.${wildcard} Names cannot be added: request a certificate with all of them.` };
}

function key({ KeyAlgorithm: algorithm }: CertificateDetail): Checked {
  if (algorithm === undefined) return { check: 'key', verdict: 'note', says: 'ACM does not say what key it has.' };
  // Some answers write RSA-2048, as the documentation did once.
  const known = KEYS[algorithm.replace('-', '_')];
  return { check: 'key', ...known ?? { verdict: 'wrong', says: `Its key is ${algorithm}, which no load balancer is known to take: use RSA of 2048 bits or more, or ECDSA P-256.` } };
}

/** A listener presents a server's certificate, never that of an authority. */
function purpose({ KeyUsages: usages = [], ExtendedKeyUsages: extended = [] }: CertificateDetail): Checked {
  const at = (verdict: Checked['verdict'], says: string): Checked => ({ check: 'purpose', verdict, says });
  const isAuthority = usages.some(({ Name: name }) => name === 'CERTIFICATE_SIGNING');
  if (isAuthority) return at('wrong', 'It is the certificate of an authority, which may sign others: import the certificate of the server, and the authority as its chain.');
  const purposes = extended.map(({ Name: name }) => name);
  if (purposes.some((name) => name === 'TLS_WEB_SERVER_AUTHENTICATION' || name === 'ANY')) return at('ok', 'It is made for servers.');
  if (purposes.length > 0) return at('wrong', `It is not made for servers, only for ${listed(purposes.map(String), MAX_NAMED)}: request one for server authentication.`);
  return at('note', 'ACM does not say what it is made for.');
}

function region({ CertificateArn: arn = '' }: CertificateDetail, wanted: string | undefined): Checked {
  const at = (verdict: Checked['verdict'], says: string): Checked => ({ check: 'region', verdict, says });
  const { region: own } = regionAndAccountOf(arn);
  if (wanted === undefined) return at('note', `It is in ${own}, where the load balancer must be too. Give --region to compare.`);
  if (own === wanted) return at('ok', `It is in ${own}, as the load balancer is.`);
  return at('wrong', `It is in ${own} and the load balancer in ${wanted}, which cannot use it: request or import it in ${wanted}.`);
}

function inUse({ InUseBy: users = [] }: CertificateDetail, wanted: string | undefined): Checked {
  const at = (verdict: Checked['verdict'], says: string): Checked => ({ check: 'in use', verdict, says });
  const all = users.length === 0 ? 'Nothing uses it' : `It is used by ${listed(users, MAX_NAMED)}`;
  if (wanted === undefined) return at(users.length === 0 ? 'note' : 'ok', users.length === 0 ? `${all} yet.` : `${all}.`);
  if (users.includes(wanted)) return at('ok', `It is used by ${wanted}.`);
  return at('wrong', `${all}, not by ${wanted}: deploy the listener with this certificate. ACM may take some minutes to notice.`);
}
