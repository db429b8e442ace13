import { configurationCases, variableCases } from '../../support/configured-cases';
import { withIdentity, withKeySet, withToken } from '../../support/gated';
import { describeRule } from '../../support/rule-cases';

describeRule('IDN-5.gate-key-sets', configurationCases({
  compliant: {
    'the least': withKeySet({ ttlSeconds: 60, timeoutSeconds: 1, maxAttempts: 1, backoffSeconds: 0.1, maxBackoffSeconds: 0.1 }),
    'the most': withKeySet({ ttlSeconds: 3600, timeoutSeconds: 10, maxAttempts: 5, backoffSeconds: 2, maxBackoffSeconds: 60 }),
  },
  violating: {
    'keys that are kept too long': [withKeySet({ ttlSeconds: 3601 }), /ttlSeconds must be a whole number from 60 to 3600/, 'warning'],
    'keys that are hardly kept': [withKeySet({ ttlSeconds: 59 }), /ttlSeconds/],
    'no time to answer': [withKeySet({ timeoutSeconds: 0 }), /timeoutSeconds must be a whole number from 1 to 10/],
    'six attempts': [withKeySet({ maxAttempts: 6 }), /maxAttempts must be a whole number from 1 to 5/],
    'half an attempt': [withKeySet({ maxAttempts: 1.5 }), /maxAttempts/],
    'no wait': [withKeySet({ backoffSeconds: 0 }), /backoffSeconds must be a number above 0/],
    'a bound below the first wait': [withKeySet({ backoffSeconds: 3 }), /maxBackoffSeconds is below the first wait/],
    'nothing said': [withKeySet({ ttlSeconds: undefined }), /ttlSeconds must be .* \(it is not set\)/],
  },
  open: '300',
  notApplicable: { 'a shared secret, which is fetched nowhere': withKeySet({ source: 'secret' }), 'a gate that takes no tokens': withIdentity({ tokens: [] }) },
}));

const JWKS = {
  TGEFD_JWKS_URL: 'https://issuer.example.com/jwks.json',
  TGEFD_JWKS_TTL_SEC: '300',
  TGEFD_JWKS_TIMEOUT_SEC: '3',
  TGEFD_JWKS_MAX_ATTEMPTS: '3',
  TGEFD_JWKS_BACKOFF_SEC: '0.2',
  TGEFD_JWKS_MAX_BACKOFF_SEC: '2',
};

describeRule('IDN-5.key-set-variables', variableCases({
  compliant: { 'all six': JWKS, 'one of another app': { ACME_JWKS_TTL_SEC: '60' } },
  violating: {
    'a time to live of a day': [{ ...JWKS, TGEFD_JWKS_TTL_SEC: '86400' }, /TGEFD_JWKS_TTL_SEC must be a whole number from 60 to 3600/, 'warning'],
    'a value that is none': [{ ...JWKS, TGEFD_JWKS_TIMEOUT_SEC: '' }, /TGEFD_JWKS_TIMEOUT_SEC/],
    'a value that is no number': [{ ...JWKS, TGEFD_JWKS_MAX_ATTEMPTS: 'many' }, /TGEFD_JWKS_MAX_ATTEMPTS/],
    'a wait without end': [{ ...JWKS, TGEFD_JWKS_BACKOFF_SEC: 'Infinity' }, /TGEFD_JWKS_BACKOFF_SEC must be a number above 0/],
    'a bound below the first wait': [{ ...JWKS, TGEFD_JWKS_MAX_BACKOFF_SEC: '0.1' }, /TGEFD_JWKS_MAX_BACKOFF_SEC is below the first wait/],
    'an address and nothing else': [
      { TGEFD_JWKS_URL: JWKS.TGEFD_JWKS_URL },
      /fetches signing keys without TGEFD_JWKS_TTL_SEC, TGEFD_JWKS_TIMEOUT_SEC, TGEFD_JWKS_MAX_ATTEMPTS, TGEFD_JWKS_BACKOFF_SEC, TGEFD_JWKS_MAX_BACKOFF_SEC/,
    ],
    'another app out of range': [{ ACME_JWKS_TTL_SEC: '10' }, /ACME_JWKS_TTL_SEC/],
  },
  open: ['TGEFD_JWKS_TTL_SEC'],
  notApplicable: { 'an address of another app, whose defaults nobody knows': { ACME_JWKS_URL: 'https://issuer.example.com/jwks.json' } },
}));

describeRule('IDN-11.gate-clock-and-subject', configurationCases({
  compliant: { 'clocks that agree': withToken({ clockSkewSeconds: 0 }), 'a client as the subject': withToken({ subjectClaim: 'client_id' }) },
  violating: {
    'clocks a second further apart': [withToken({ clockSkewSeconds: 61 }), /clockSkewSeconds must be a whole number from 0 to 60/, 'warning'],
    'clocks that run backwards': [withToken({ clockSkewSeconds: -1 }), /clockSkewSeconds/],
    'a subject that callers choose': [withToken({ subjectClaim: 'email' as 'sub' }), /who "email" says they are/],
  },
  open: '"sub"',
  notApplicable: { 'a gate that takes no tokens': withIdentity({ tokens: [] }) },
}));

describeRule('IDN-11.clock-and-subject-variables', variableCases({
  compliant: { 'two minutes': { TGEFD_JWT_CLOCK_SKEW_SEC: '120' }, 'a subject': { TGEFD_JWT_SUB_CLAIM: 'client_id' } },
  violating: {
    'a second more': [{ TGEFD_JWT_CLOCK_SKEW_SEC: '121' }, /TGEFD_JWT_CLOCK_SKEW_SEC must be a whole number from 0 to 120/, 'warning'],
    'a fraction': [{ TGEFD_JWT_CLOCK_SKEW_SEC: '0.5' }, /whole number/],
    'a subject that callers choose': [{ TGEFD_JWT_SUB_CLAIM: 'nickname' }, /who "nickname" says they are/],
  },
  open: ['TGEFD_JWT_CLOCK_SKEW_SEC'],
  notApplicable: { 'a word within another': { JWT_CLOCK: '600' } },
}));
