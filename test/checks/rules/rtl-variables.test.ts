import { variableCases } from '../../support/configured-cases';
import { describeRule } from '../../support/rule-cases';

const LIMITS = { RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_RPS: '10', RATE_LIMIT_BURST: '20', RATE_LIMIT_WINDOW_SEC: '60' };

describeRule('RTL-2.limiter-variables', variableCases({
  compliant: {
    'what the catalogue proposes': LIMITS,
    'the largest of everything': { ...LIMITS, RATE_LIMIT_RPS: '1000', RATE_LIMIT_BURST: '10000', RATE_LIMIT_WINDOW_SEC: '3600' },
    'a limit whose figures are the program\'s own': { RATE_LIMIT_ENABLED: 'true' },
  },
  violating: {
    'a limit that is off': [{ ...LIMITS, RATE_LIMIT_ENABLED: 'false' }, /RATE_LIMIT_ENABLED is not true/, 'error'],
    'another word for on': [{ ...LIMITS, RATE_LIMIT_ENABLED: 'yes' }, /RATE_LIMIT_ENABLED is not true/],
    'a spelling that not every program reads': [{ ...LIMITS, RATE_LIMIT_ENABLED: 'TRUE' }, /RATE_LIMIT_ENABLED is not true/],
    'figures without the switch': [{ RATE_LIMIT_RPS: '10' }, /has figures for limits and no RATE_LIMIT_ENABLED/],
    'more than a thousand a second': [{ ...LIMITS, RATE_LIMIT_RPS: '1001', RATE_LIMIT_BURST: '2000' }, /RATE_LIMIT_RPS is 1001, and 1 to 1000/],
    'no requests': [{ ...LIMITS, RATE_LIMIT_RPS: '0' }, /RATE_LIMIT_RPS is 0/],
    'words for a figure': [{ ...LIMITS, RATE_LIMIT_RPS: 'unlimited' }, /RATE_LIMIT_RPS is unlimited/],
    'an empty figure': [{ ...LIMITS, RATE_LIMIT_RPS: '' }, /RATE_LIMIT_RPS is empty/],
    'a burst below the rate': [{ ...LIMITS, RATE_LIMIT_BURST: '9' }, /RATE_LIMIT_BURST is 9, and 10 to 10000/],
    'a burst of a million': [{ ...LIMITS, RATE_LIMIT_BURST: '1000000' }, /RATE_LIMIT_BURST is 1000000/],
    'a day for a window': [{ ...LIMITS, RATE_LIMIT_WINDOW_SEC: '86400' }, /RATE_LIMIT_WINDOW_SEC is 86400, and 1 to 3600/],
  },
  open: ['RATE_LIMIT_ENABLED', {}],
  notApplicable: { 'a limit by another name': { RATE_LIMITER_ENABLED: 'false' } },
}));

const HEAVY = { TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE: '60', TGEFD_HEAVY_BURST_LIMIT: '10' };

describeRule('RTL-3.heavy-variables', variableCases({
  compliant: {
    'what the catalogue proposes': HEAVY,
    'as much as what is light': { ...HEAVY, RATE_LIMIT_RPS: '1' },
    'the largest of both': { TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE: '600', TGEFD_HEAVY_BURST_LIMIT: '600' },
  },
  violating: {
    'more than ten a second': [{ ...HEAVY, TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE: '601' }, /TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE is 601, and 1 to 600/, 'error'],
    'more than what is light': [{ ...HEAVY, TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE: '61', RATE_LIMIT_RPS: '1' }, /PER_MINUTE is 61, and 1 to 60/],
    'more at once than in a minute': [{ ...HEAVY, TGEFD_HEAVY_BURST_LIMIT: '61' }, /TGEFD_HEAVY_BURST_LIMIT is 61, and 1 to 60/],
    'nothing at once': [{ ...HEAVY, TGEFD_HEAVY_BURST_LIMIT: '0' }, /TGEFD_HEAVY_BURST_LIMIT is 0/],
    'a rate without a burst': [{ TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE: '60' }, /no TGEFD_HEAVY_BURST_LIMIT/],
    'a burst without a rate': [{ TGEFD_HEAVY_BURST_LIMIT: '10' }, /no TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE/],
  },
  open: ['TGEFD_HEAVY_BURST_LIMIT', { TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE: '60' }],
}));

const STREAMS = { CONCURRENCY_LIMIT_ENABLED: 'true', MAX_CONCURRENT_STREAMS_PER_ID: '5' };

describeRule('RTL-4.stream-variables', variableCases({
  compliant: { 'what the catalogue proposes': STREAMS, 'a hundred streams': { ...STREAMS, MAX_CONCURRENT_STREAMS_PER_ID: '100' } },
  violating: {
    'a limit that is off': [{ ...STREAMS, CONCURRENCY_LIMIT_ENABLED: 'false' }, /CONCURRENCY_LIMIT_ENABLED is not true/, 'error'],
    'a thousand streams': [{ ...STREAMS, MAX_CONCURRENT_STREAMS_PER_ID: '1000' }, /MAX_CONCURRENT_STREAMS_PER_ID is 1000, and 1 to 100/],
    'a figure without the switch': [{ MAX_CONCURRENT_STREAMS_PER_ID: '5' }, /has figures for limits and no CONCURRENCY_LIMIT_ENABLED/],
  },
  open: ['CONCURRENCY_LIMIT_ENABLED', {}],
}));
