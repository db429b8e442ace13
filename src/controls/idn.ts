import { defineFamily } from './control';

export const IDN = defineFamily('Identity', {
  'IDN-1': {
    title: 'No forward without jwt-validation or mTLS verify; default action denies',
    severity: 'critical',
    sources: ['RC-01', 'RC-04', 'RC-11', 'RC-12', 'RC-28', 'CX-01', 'TG-10', 'TG-11'],
  },
  'IDN-2': {
    title: 'Asymmetric JWT only in production, via https JWKS; weak algorithms refused',
    severity: 'critical',
    sources: ['TG-02', 'TG-08', 'TG-09', 'TG-16', 'TG-17', 'TG-20', 'TG-21', 'NT-11'],
  },
  'IDN-3': {
    title: 'iss and aud (or client_id + token_use) enforced',
    severity: 'critical',
    sources: ['TG-12', 'TG-13', 'TG-18'],
  },
  'IDN-4': {
    title: 'Short token life and working revocation',
    severity: 'high',
    sources: ['RC-11', 'TG-04'],
  },
  'IDN-5': {
    title: 'JWKS cache, timeout, retry and backoff are bounded; unknown kid cannot amplify',
    severity: 'medium',
    sources: ['TG-03', 'TG-17', 'TG-19', 'TG-21', 'TG-22', 'TG-23', 'TG-24', 'TG-25', 'TG-26'],
  },
  'IDN-6': {
    title: 'mTLS in verify mode with trust store, expiry and revocation checks',
    severity: 'critical',
    sources: ['RC-10', 'TG-02', 'TG-27', 'TG-28'],
  },
  'IDN-7': {
    title: 'Identity headers written only by ingress; inbound copies removed',
    severity: 'critical',
    sources: ['TG-28', 'TG-29', 'TG-39', 'TG-42', 'TG-49', 'TG-50', 'TG-51', 'TG-55'],
  },
  'IDN-8': {
    title: 'API keys hashed, prefixed and limited to allowed profiles',
    severity: 'high',
    sources: ['CX-01', 'CX-02', 'CX-03', 'CX-05', 'CX-34', 'TG-06', 'NT-10', 'TS-01', 'TS-02', 'TS-03', 'TS-19', 'TS-39'],
  },
  'IDN-9': {
    title: 'No developer bypass, no `none` mode outside local',
    severity: 'critical',
    sources: ['CX-07', 'CX-08', 'CX-42', 'TG-07', 'NT-08', 'NT-20', 'NT-79'],
  },
  'IDN-10': {
    title: 'Admin plane separately authenticated and not on the public route',
    severity: 'critical',
    sources: ['CX-06', 'CX-12', 'CX-45', 'CX-69', 'CX-73', 'NT-84'],
  },
  'IDN-11': {
    title: 'Subject claim and clock skew bounded',
    severity: 'medium',
    sources: ['TG-14', 'TG-15'],
  },
  'IDN-12': {
    title: 'Replays of signed requests are refused',
    severity: 'high',
    sources: ['RC-04', 'TS-29'],
  },
  'IDN-13': {
    title: 'OAuth callbacks exact https',
    severity: 'medium',
    sources: ['NT-22', 'NT-23'],
  },
});
