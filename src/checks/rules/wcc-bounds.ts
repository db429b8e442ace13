import { BOUNDS } from '../../broker/contract';
import { all, defineRule, expect, fail, NOT_APPLICABLE, type Outcome, PASS } from '../rule';
import type { Property } from '../template/property';
import { ofBroker } from './broker-configuration';
import { FUNCTIONS } from './variables';

const EXTENT = 'brokers of the templates';

/** Whether a number of the configuration is whole and in its bounds. */
function isWithin(place: Property, [least, most]: readonly [number, number], why: string): readonly Outcome[] {
  const value = place.number();
  if (value !== undefined && Number.isInteger(value) && value >= least && value <= most) return PASS;
  return fail(place, `is ${value ?? 'not set'}, and has to be ${least} to ${most}: ${why}`);
}

const window = defineRule('WCC-3', 'window', {
  extent: EXTENT,
  appliesTo: FUNCTIONS,
  remediation: `Set windowSeconds to ${BOUNDS.windowSeconds.join(' to ')}, and requestsPerMinute to ${BOUNDS.requestsPerMinute.join(' to ')}. In CDK: clockWindow, requestsPerWorker.`,
  check: (fn, graph) => ofBroker(fn, graph, (configuration) => all(
    () => isWithin(configuration.get('windowSeconds'), BOUNDS.windowSeconds, 'what is older is refused, and what is much younger is a clock that is well'),
    () => isWithin(configuration.get('requestsPerMinute'), BOUNDS.requestsPerMinute, 'that many may one worker send a minute'),
  )),
});

const leaseBounds = defineRule('WCC-8', 'lease-bounds', {
  extent: EXTENT,
  appliesTo: FUNCTIONS,
  remediation: `Set leases.ttlSeconds to ${BOUNDS.ttlSeconds.join(' to ')}, leases.longestSeconds to no less and ${BOUNDS.longestSeconds[1]} at most, `
    + 'and leases.onExit to revoke or keep. In CDK: LeaseTerms.',
  check: (fn, graph) => ofBroker(fn, graph, (configuration) => {
    const leases = configuration.get('leases');
    const [ttl, longest, onExit] = [leases.get('ttlSeconds'), leases.get('longestSeconds'), leases.get('onExit')];
    return all(
      () => isWithin(ttl, BOUNDS.ttlSeconds, 'so long nobody may notice that a worker is gone'),
      () => isWithin(longest, BOUNDS.longestSeconds, 'beyond it, a lease is renewed no more'),
      () => expect((longest.number() ?? NaN) >= (ttl.number() ?? NaN), longest, 'is less than ttlSeconds, so a lease would be over before it is due'),
      () => expect(['revoke', 'keep'].includes(onExit.text() ?? ''), onExit, `is ${onExit.text() ?? 'not set'}, so whether leases end with their worker is not said`),
    );
  }),
});

/** Nobody joins by what is not there. */
const ifThere = (place: Property, check: () => readonly Outcome[]): readonly Outcome[] => (place.exists ? check() : NOT_APPLICABLE);

const keyLife = defineRule('WCC-7', 'key-life', {
  extent: 'brokers of the templates that give each worker a key',
  appliesTo: FUNCTIONS,
  remediation: `Set keyLifeSeconds to ${BOUNDS.keyLifeSeconds.join(' to ')}, and tokenSeconds to ${BOUNDS.tokenSeconds.join(' to ')}. In CDK: BrokerPhase.perWorkerKeys, WorkerJoin.token.`,
  check: (fn, graph) => ofBroker(fn, graph, (configuration) => ifThere(configuration.get('phase.own'), () => {
    const keys = configuration.get('phase.own');
    return all(
      () => isWithin(keys.get('keyLifeSeconds'), BOUNDS.keyLifeSeconds, 'a key that outlives the ring it is made from is refused before it is over'),
      () => ifThere(keys.get('tokenSeconds'), () => isWithin(keys.get('tokenSeconds'), BOUNDS.tokenSeconds, 'whoever finds a token that was never used joins with it')),
    );
  })),
});

export const WCC_BOUND_RULES = [window, leaseBounds, keyLife];
