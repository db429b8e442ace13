import type { AlarmFacts } from '../observability/alarm-facts';

const TOLD_WHEN_MORE = { silence: 'notBreaching', whySilence: 'the broker tells something only when it is asked' } as const;
const ABSENT = { silence: 'notBreaching', whySilence: 'AWS tells nothing where there was nothing' } as const;
const ONCE = { minutes: 5, of: [1, 1] } as const;
const COMPROMISE = 'runbooks/worker-compromise.md';
const WORKERS = 'workers.md';

/** Every alarm of a broker and of its pools once, in the shape of a Core's. A name is part of the public contract: it is in the template, and in docs/alarms.md. All figures are ours. */
export const BROKER_ALARMS = {
  BrokerRefusals: {
    means: 'Requests were refused again and again: somebody without a key, or with one that is over, tries to get credentials.',
    sounds: 'at least', limit: () => 10, unit: 'requests', ...ONCE, ...TOLD_WHEN_MORE, group: 'attack',
    first: 'Count the records of the last minutes by worker and reason; if clocks are off or a key was just renewed, it ends by itself.', page: COMPROMISE,
  },
  BrokerReplays: {
    means: 'A request was sent a second time: somebody has caught it, or a client repeats what it should sign anew.',
    sounds: 'at least', limit: () => 1, unit: 'requests', ...ONCE, ...TOLD_WHEN_MORE, group: 'attack',
    first: 'Look at the records with reason replayed: two workers of one id at two addresses are an attack.', page: COMPROMISE,
  },
  BrokerSpentJoin: {
    means: 'A join token was used a second time: the first one to use it may have been a thief.',
    sounds: 'at least', limit: () => 1, unit: 'requests', ...ONCE, ...TOLD_WHEN_MORE, group: 'attack',
    first: 'Revoke the worker that the token was for, then invite it again.', page: COMPROMISE,
  },
  BrokerForbidden: {
    means: 'One worker who is proven asked for jobs or credentials that are not its own, as one that was taken over would.',
    sounds: 'at least', limit: () => 5, unit: 'refusals of one worker', ...ONCE, ...ABSENT, group: 'attack',
    first: 'Find the worker in the report of Contributor Insights, and revoke it.', page: COMPROMISE,
  },
  BrokerStores: {
    means: 'A store did not answer, or holds a value of another form: workers get no credentials.',
    sounds: 'at least', limit: () => 1, unit: 'requests', minutes: 1, of: [2, 2], ...TOLD_WHEN_MORE, group: 'fault',
    first: 'Look at the records with outcome failed: value-malformed names the credential, store-down is AWS or a permission.', page: WORKERS,
  },
  BrokerEdgeClientErrors: {
    means: 'Many requests were none of the protocol, or did not even get to the broker: somebody looks for a way in.',
    sounds: 'at least', limit: () => 50, unit: 'requests', ...ONCE, ...ABSENT, group: 'attack',
    first: 'See in the access log which address it is; no worker asks for other paths.', page: COMPROMISE,
  },
  BrokerEdgeServerErrors: {
    means: 'Workers were answered with a server\'s error: the broker did not run, took too long, or had no store.',
    sounds: 'at least', limit: () => 5, unit: 'requests', ...ONCE, ...ABSENT, group: 'fault',
    first: 'If BrokerStores or BrokerThrottles sounds as well, begin there; else look in the access log at error_reason.', page: WORKERS,
  },
  BrokerErrors: {
    means: 'The broker failed without an answer, and perhaps without a record.',
    sounds: 'at least', limit: () => 1, unit: 'calls', ...ONCE, ...ABSENT, group: 'fault',
    first: 'Look in its log for the error; what it did last is the record before.', page: WORKERS,
  },
  BrokerThrottles: {
    means: 'More requests came at once than the broker may serve: a flood, or more workers than were thought of.',
    sounds: 'at least', limit: () => 1, unit: 'calls', ...ONCE, ...ABSENT, group: 'fault',
    first: 'See in the access log who asks so often; if all are workers, take a larger size.', page: WORKERS,
  },
  BrokerUnrecorded: {
    means: 'The broker was called and nothing that it wrote was understood: audit records are being lost.',
    sounds: 'at least', limit: () => 1, unit: '(calls without a line)', minutes: 5, of: [3, 3], ...ABSENT, group: 'fault',
    first: 'See what its lines look like in the log group; close the fleet if they are gone.', page: 'audit-record.md',
  },
  BrokerLegacyKeys: {
    means: 'Workers still sign with the shared key, and in a week or less it is taken no more.',
    sounds: 'at least', limit: () => 1, unit: 'requests', minutes: 1440, of: [1, 1], ...TOLD_WHEN_MORE,
    first: 'Find them by the records with proof hmac, and have each of them join.', page: WORKERS,
  },
  BrokerExitFailures: {
    means: 'Leases of workers whose task has stopped were not ended; they end by themselves when their time is over.',
    sounds: 'at least', limit: () => 1, unit: 'runs', ...ONCE, ...ABSENT, group: 'fault',
    first: 'Look in the log of the function; revoke the worker by hand if it was taken over.', page: WORKERS,
  },
  BrokerSweepFailures: {
    means: 'Credentials whose last lease has ended may not be changed on their devices.',
    sounds: 'at least', limit: () => 1, unit: 'runs', minutes: 5, of: [2, 2], ...ABSENT, group: 'fault',
    first: 'Look in the log of the function, and at the rotation of the secret that it names.', page: WORKERS,
  },
  WorkersGone: {
    means: 'Fewer workers of a pool run than should: jobs wait, or are not done.',
    sounds: 'at least', limit: () => 1, unit: 'workers too few', minutes: 1, of: [3, 5],
    silence: 'breaching', whySilence: 'a pool of which nothing is told does not run', group: 'fault',
    first: 'Read stoppedReason of the last stopped task: a worker whose join or checkout is refused may end by itself.', page: WORKERS,
  },
} as const satisfies Readonly<Record<string, AlarmFacts>>;

export type BrokerAlarmName = keyof typeof BROKER_ALARMS;

/** As plain facts, for whoever goes through all of them. */
export const brokerFactsOf = (name: BrokerAlarmName): AlarmFacts => BROKER_ALARMS[name];
