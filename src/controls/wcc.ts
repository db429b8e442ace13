import { defineFamily } from './control';

export const WCC = defineFamily('Worker credential checkout', {
  'WCC-1': {
    title: 'Workers register with HMAC',
    severity: 'high',
    sources: ['TS-10', 'TS-23', 'TS-27', 'TS-31', 'TS-41', 'TS-42'],
  },
  'WCC-2': {
    title: 'Checkout is signed and bound to job and credential',
    severity: 'critical',
    sources: ['TS-11', 'TS-28', 'TS-30', 'TS-31', 'TS-33', 'TS-43'],
  },
  'WCC-3': {
    title: 'Timestamp window and single-use nonce',
    severity: 'critical',
    sources: ['TS-29'],
  },
  'WCC-4': {
    title: 'Failed authentication never falls back to files',
    severity: 'critical',
    sources: ['TS-06', 'TS-37', 'TS-42'],
  },
  'WCC-5': {
    title: 'Credentials stay central; jobs carry ids',
    severity: 'critical',
    sources: ['TS-04', 'TS-05', 'TS-06', 'TS-12', 'TS-16', 'TS-20', 'TS-32', 'TS-33', 'TS-40'],
  },
  'WCC-6': {
    title: 'Each checkout audited with worker, job, credential, outcome',
    severity: 'high',
    sources: ['TS-26', 'TS-28', 'TS-34'],
  },
  'WCC-7': {
    title: 'Per-worker keys by PSK join',
    severity: 'medium',
    sources: ['TS-13'],
  },
  'WCC-8': {
    title: 'Short-lived credential leases',
    severity: 'medium',
    sources: ['TS-14', 'TS-25'],
  },
  'WCC-9': {
    title: 'Pluggable secret store',
    severity: 'low',
    sources: ['TS-15'],
    unchecked: 'which store a team trusts is its choice: each is judged by SEC-2 and SEC-3',
    unattacked: 'no template shows a port: each store is held to one contract by test/runtime/broker/stores',
  },
  'WCC-10': {
    title: 'Phases typed; phase 1 and dual not in production',
    severity: 'high',
    sources: ['TS-09', 'TS-23', 'TS-35', 'TS-36', 'TS-40'],
  },
});
