import type { CertificateDetail } from '@aws-sdk/client-acm';
import type { Checked, Expectations } from '../../../src/cli/cert/checked';
import { judge } from '../../../src/cli/cert/judge';
import { covers } from '../../../src/cli/cert/names';

const NOW = new Date('2026-06-01T12:00:00Z');
const BALANCER = 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/core/0123456789abcdef';

const GOOD: CertificateDetail = {
  CertificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6',
  DomainName: 'core.acme.com',
  SubjectAlternativeNames: ['core.acme.com', '*.core.acme.com'],
  Status: 'ISSUED',
  Type: 'AMAZON_ISSUED',
  KeyAlgorithm: 'RSA_2048',
  KeyUsages: [{ Name: 'DIGITAL_SIGNATURE' }],
  ExtendedKeyUsages: [{ Name: 'TLS_WEB_SERVER_AUTHENTICATION' }],
  NotBefore: new Date('2026-01-01T00:00:00Z'),
  NotAfter: new Date('2026-12-31T00:00:00Z'),
  RenewalEligibility: 'ELIGIBLE',
  InUseBy: [BALANCER],
};

const EXPECTED: Expectations = { names: ['core.acme.com'], region: 'eu-central-1', inUseBy: BALANCER, minDays: 30 };

function answers(certificate: Partial<CertificateDetail> = {}, expected: Partial<Expectations> = {}): readonly Checked[] {
  return judge({ ...GOOD, ...certificate }, { ...EXPECTED, ...expected }, NOW);
}

function answer(check: Checked['check'], certificate: Partial<CertificateDetail> = {}, expected: Partial<Expectations> = {}): Omit<Checked, 'check'> {
  const found = answers(certificate, expected).find((one) => one.check === check);
  return { verdict: found?.verdict ?? 'note', says: found?.says ?? '' };
}

/** The checks that one change to a good certificate turns wrong. */
function wrongWith(certificate: Partial<CertificateDetail>, expected: Partial<Expectations> = {}): string[] {
  return answers(certificate, expected).filter(({ verdict }) => verdict === 'wrong').map(({ check }) => check);
}

describe('a certificate', () => {
  test('that is good in every respect gets nine answers, all of them ok', () => {
    expect(answers().map(({ verdict }) => verdict)).toEqual(Array.from({ length: 9 }, () => 'ok'));
  });

  test.each<[string, Partial<CertificateDetail>, string]>([
    ['is revoked', { Status: 'REVOKED', RevocationReason: 'KEY_COMPROMISE' }, 'issued'],
    ['timed out', { Status: 'VALIDATION_TIMED_OUT' }, 'issued'],
    ['is for another name', { SubjectAlternativeNames: ['www.acme.com'] }, 'names'],
    ['carries the name as its common name alone', { DomainName: 'core.acme.com', SubjectAlternativeNames: ['www.acme.com'] }, 'names'],
    ['has a short key', { KeyAlgorithm: 'RSA_1024' }, 'key'],
    ['belongs to an authority', { KeyUsages: [{ Name: 'CERTIFICATE_SIGNING' }] }, 'purpose'],
    ['is made for clients', { ExtendedKeyUsages: [{ Name: 'TLS_WEB_CLIENT_AUTHENTICATION' }] }, 'purpose'],
    ['expired yesterday', { NotAfter: new Date('2026-05-31T12:00:00Z') }, 'expiry'],
    ['is not valid yet', { NotBefore: new Date('2026-06-02T00:00:00Z') }, 'expiry'],
    ['says nothing of its end', { NotAfter: undefined }, 'expiry'],
    ['failed to renew', { RenewalSummary: { RenewalStatus: 'FAILED', RenewalStatusReason: 'CAA_ERROR', DomainValidationOptions: [], UpdatedAt: NOW } }, 'renewal'],
    ['is elsewhere', { CertificateArn: GOOD.CertificateArn?.replace('eu-central-1', 'us-east-1') }, 'region'],
    ['is used by another load balancer', { InUseBy: [`${BALANCER}0`] }, 'in use'],
    ['is used by nothing', { InUseBy: [] }, 'in use'],
  ])('that %s is wrong in that alone', (_, change, check) => {
    expect(wrongWith(change)).toEqual([check]);
  });

  test.each<[Checked['check'], Partial<CertificateDetail>, Partial<Expectations>]>([
    ['names', {}, { names: [] }],
    ['region', {}, { region: undefined }],
    ['in use', { InUseBy: [] }, { inUseBy: undefined }],
    ['key', { KeyAlgorithm: 'EC_secp521r1' }, {}],
    ['key', { KeyAlgorithm: undefined }, {}],
    ['purpose', { KeyUsages: undefined, ExtendedKeyUsages: undefined }, {}],
    ['renewal', { RenewalEligibility: undefined }, {}],
    ['type', { Type: 'PRIVATE' }, {}],
  ])('is not failed where nothing is asked or told: %s', (check, change, expected) => {
    expect(answer(check, change, expected).verdict).toBe('note');
    expect(wrongWith(change, expected)).toEqual([]);
  });

  test.each(['RSA_2048', 'RSA_3072', 'RSA_4096', 'EC_prime256v1', 'EC_secp384r1'] as const)('may have a key of %s', (KeyAlgorithm) => {
    expect(answer('key', { KeyAlgorithm }).verdict).toBe('ok');
  });
});

describe('a certificate that waits for its validation', () => {
  const record = (name: string): { Name: string; Type: 'CNAME'; Value: string } => ({ Name: `_a.${name}.`, Type: 'CNAME', Value: '_b.acm-validations.aws.' });

  test('names the records that are missing, each once, and none that is there', () => {
    const { verdict, says } = answer('issued', {
      Status: 'PENDING_VALIDATION',
      DomainValidationOptions: [
        { DomainName: 'acme.com', ValidationMethod: 'DNS', ValidationStatus: 'PENDING_VALIDATION', ResourceRecord: record('acme.com') },
        { DomainName: '*.acme.com', ValidationMethod: 'DNS', ValidationStatus: 'PENDING_VALIDATION', ResourceRecord: record('acme.com') },
        { DomainName: 'done.com', ValidationMethod: 'DNS', ValidationStatus: 'SUCCESS', ResourceRecord: record('done.com') },
      ],
    });
    expect(verdict).toBe('wrong');
    expect(says).toContain('put this record into the public DNS');
    expect(says.match(/_a\.acme\.com\. CNAME _b\.acm-validations\.aws\./g)).toHaveLength(1);
    expect(says).not.toContain('done.com');
  });

  test('says whose mail is waited for', () => {
    const validation = { DomainName: 'acme.com', ValidationMethod: 'EMAIL', ValidationStatus: 'PENDING_VALIDATION' } as const;
    expect(answer('issued', { Status: 'PENDING_VALIDATION', DomainValidationOptions: [validation] }).says).toContain('validation mail for acme.com');
  });

  test('explains why no public authority could issue it', () => {
    expect(answer('issued', { Status: 'FAILED', FailureReason: 'INVALID_PUBLIC_DOMAIN' }).says).toContain('use a private CA');
  });
});

describe('the days that are left', () => {
  test.each([[31, 'ok'], [30, 'ok'], [29, 'wrong'], [0, 'wrong']])('%i of 30 asked for are %s', (days, verdict) => {
    const NotAfter = new Date(NOW.getTime() + days * 24 * 60 * 60 * 1000 + 60_000);
    expect(answer('expiry', { NotAfter })).toMatchObject({ verdict, says: expect.stringContaining(`${days} days from now`) as string });
  });

  test('lead to an import where the certificate was imported, since ACM renews none of those', () => {
    const imported = { Type: 'IMPORTED', RenewalEligibility: 'INELIGIBLE', NotAfter: new Date('2026-06-11T12:00:00Z') } as const;
    expect(answer('expiry', imported)).toEqual({ verdict: 'wrong', says: 'It is valid until 2026-06-11, 10 days from now, and 30 days are asked for: import its successor under the same ARN.' });
    expect(answer('renewal', imported)).toEqual({ verdict: 'note', says: 'An imported certificate never renews itself: import its successor under the same ARN before 2026-06-11.' });
  });

  test('say what a renewal waits for', () => {
    const ResourceRecord = { Name: '_a.acme.com.', Type: 'CNAME', Value: '_b.acm-validations.aws.' } as const;
    const DomainValidationOptions = [{ DomainName: 'acme.com', ValidationStatus: 'PENDING_VALIDATION' as const, ResourceRecord }];
    const { verdict, says } = answer('renewal', { RenewalSummary: { RenewalStatus: 'PENDING_VALIDATION', DomainValidationOptions, UpdatedAt: NOW } });
    expect({ verdict, says }).toEqual({ verdict: 'wrong', says: expect.stringContaining('_a.acme.com. CNAME _b.acm-validations.aws.') as string });
  });

  test('tell that nothing renews what nothing uses', () => {
    expect(answer('renewal', { RenewalEligibility: 'INELIGIBLE', InUseBy: [] }, { inUseBy: undefined }).says).toBe('ACM does not renew it while nothing uses it.');
  });
});

describe('a name in a certificate', () => {
  test.each([
    ['core.acme.com', 'CORE.acme.com.'],
    ['*.acme.com', 'core.acme.com'],
    ['*.acme.com', '*.acme.com'],
  ])('%s covers %s', (certified, host) => expect(covers(certified, host)).toBe(true));

  test.each([
    ['*.acme.com', 'acme.com'],
    ['*.acme.com', 'a.core.acme.com'],
    ['*.acme.com', '*.core.acme.com'],
    ['*.com', '*.com.evil'],
    ['*', 'com'],
    ['*.acme.com', '*re.acme.com'],
    ['acme.com', 'core.acme.com'],
  ])('%s does not cover %s', (certified, host) => expect(covers(certified, host)).toBe(false));
});
