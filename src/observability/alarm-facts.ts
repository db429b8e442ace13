import type { Figures } from './alarm-thresholds';

/** What an alarm does while nobody tells it anything. */
export type Silence = 'breaching' | 'notBreaching' | 'ignore';

/** What an alarm belongs to. `attack`: somebody tries to get in, or has. `fault`: callers are not served as they should be, or records are lost. */
export type AlarmGroup = 'attack' | 'fault';

/** Everything about an alarm but where its figures come from. */
export interface AlarmFacts {
  /** What has happened, as whoever is woken reads it. */
  readonly means: string;
  readonly sounds: 'at least' | 'above' | 'below';
  /** From where on. Figures of stores, which depend on their sizes, are made percentages first. */
  readonly limit: (figures: Figures) => number;
  /** Of the limit, as in `at least 100 requests`. */
  readonly unit: string;
  /** How long one figure is gathered, in minutes. */
  readonly minutes: number;
  /** How many of the last figures have to be beyond the limit, so that a slip is none. */
  readonly of: readonly [number, number];
  readonly silence: Silence;
  readonly whySilence: string;
  /** The first thing to do. */
  readonly first: string;
  /** Where it goes on, in docs. */
  readonly page: string;
  readonly group?: AlarmGroup;
}

const TOLD_ALWAYS = 'the gate tells zeros as well; its silence is GateSilent';
const TOLD_WHEN_MORE = 'AWS tells nothing where there was nothing';
const QUIET = { silence: 'notBreaching', whySilence: TOLD_ALWAYS } as const;
const ABSENT = { silence: 'notBreaching', whySilence: TOLD_WHEN_MORE } as const;
const ONCE = { minutes: 1, of: [1, 1] } as const;
const MOSTLY = { minutes: 1, of: [3, 5] } as const;
const LASTING = { minutes: 5, of: [3, 3] } as const;
const DOWN = { silence: 'breaching', whySilence: 'a store that tells nothing for a quarter of an hour is down' } as const;

/** Every alarm of a Core once. A name is part of the public contract: it is in the template, and in docs/alarms.md. */
export const ALARMS = {
  AuthFailures: {
    means: 'Many callers, or one who tries many credentials, could not prove who they are.',
    sounds: 'at least', limit: ({ authFailures }: Figures) => authFailures, unit: 'requests', ...ONCE, ...QUIET, group: 'attack',
    first: 'Look at the refused requests of the last minutes by reason and address; block the address, or lock down.', page: 'runbooks/compromise.md',
  },
  AuthFailureShare: {
    means: 'A large part of the callers could not prove who they are: somebody tries credentials, or an issuer or a key was changed.',
    sounds: 'at least', limit: ({ authFailurePercent }: Figures) => authFailurePercent, unit: '% of the requests', minutes: 1, of: [2, 3], ...QUIET, group: 'attack',
    first: 'Ask whether a credential was renewed a moment ago; if not, treat it as an attack.', page: 'runbooks/token-compromise.md',
  },
  IdentityRefusals: {
    means: 'One caller who is proven was refused again and again: he tries what his key or token does not open, as a thief would.',
    sounds: 'at least', limit: ({ refusalsOfOneCaller }: Figures) => refusalsOfOneCaller, unit: 'refusals of one caller', minutes: 5, of: [1, 1], ...ABSENT, group: 'attack',
    first: 'Find the caller by the hash in the report of Contributor Insights, and revoke what he shows.', page: 'runbooks/key-compromise.md',
  },
  WebAclBlocks: {
    means: 'The web ACL blocked many requests: a flood, or a search for known holes.',
    sounds: 'at least', limit: ({ webAclBlocks }: Figures) => webAclBlocks, unit: 'requests', ...ONCE, ...ABSENT, group: 'attack',
    first: 'Look in the log of the web ACL which rule blocked whom.', page: 'runbooks/compromise.md',
  },
  LimitHits: {
    means: 'Many requests were answered 429: a caller, or somebody with his key, spends a whole budget.',
    sounds: 'at least', limit: ({ limitHits }: Figures) => limitHits, unit: 'requests', ...ONCE, ...QUIET, group: 'attack',
    first: 'Find who: audit records with status 429, by identity.', page: 'runbooks/key-compromise.md',
  },
  EdgeClientErrors: {
    means: 'The load balancer refused a large part of the requests by itself, such as for tokens that are none.',
    sounds: 'at least', limit: ({ clientErrorPercent }: Figures) => clientErrorPercent, unit: '% of the requests', ...MOSTLY, ...ABSENT, group: 'attack',
    first: 'Look in its access log at error_reason: JWT codes are tokens that were refused.', page: 'runbooks/token-compromise.md',
  },
  EdgeServerErrors: {
    means: 'The load balancer could not reach the gate, or its authorizer, for a large part of the requests.',
    sounds: 'at least', limit: ({ serverErrorPercent }: Figures) => serverErrorPercent, unit: '% of the requests', ...MOSTLY, ...ABSENT, group: 'fault',
    first: 'Look in its access log at error_reason, and whether targets are healthy.', page: 'day-2.md',
  },
  TargetClientErrors: {
    means: 'A large part of the requests that reached the gate were answered with a client\'s error.',
    sounds: 'at least', limit: ({ clientErrorPercent }: Figures) => clientErrorPercent, unit: '% of the requests', ...MOSTLY, ...ABSENT,
    first: 'Count the audit records of the last minutes by reason and action.', page: 'audit-record.md',
  },
  TargetServerErrors: {
    means: 'A large part of the requests that reached the gate were answered with a server\'s error.',
    sounds: 'at least', limit: ({ serverErrorPercent }: Figures) => serverErrorPercent, unit: '% of the requests', ...MOSTLY, ...ABSENT, group: 'fault',
    first: 'Count the audit records of the last minutes by reason: they say whether it is the Core, Redis or the table.', page: 'audit-record.md',
  },
  GateServerErrors: {
    means: 'The gate answered a large part of its requests with a server\'s error.',
    sounds: 'at least', limit: ({ serverErrorPercent }: Figures) => serverErrorPercent, unit: '% of the requests', ...MOSTLY, ...QUIET, group: 'fault',
    first: 'Count the audit records of the last minutes by reason: they say whether it is the Core, Redis or the table.', page: 'audit-record.md',
  },
  GateSilent: {
    means: 'No gate has told anything for three minutes: none runs, or their log goes nowhere, and then audit records are lost as well.',
    sounds: 'below', limit: () => 1, unit: 'reports', minutes: 1, of: [3, 3],
    silence: 'breaching', whySilence: 'silence is what it is about: a gate tells something every minute', group: 'fault',
    first: 'See whether tasks run, and why the last ones stopped.', page: 'day-2.md',
  },
  Uncounted: {
    means: 'Redis is away: requests are refused, or each gate counts by itself.',
    sounds: 'at least', limit: () => 1, unit: 'requests', minutes: 1, of: [2, 2], ...QUIET, group: 'fault',
    first: 'Look at the events of the replication group: a failover takes a minute or two.', page: 'rate.md',
  },
  AuditLost: {
    means: 'Audit records were never written, or a gate was killed with requests that no record tells of.',
    sounds: 'at least', limit: () => 1, unit: 'records', ...ONCE, ...QUIET, group: 'fault',
    first: 'Find the gap by the sequence numbers of each gate, and write down what is missing.', page: 'audit-record.md',
  },
  LockedDown: {
    means: 'The lock-down flag is set: nobody is served.',
    sounds: 'at least', limit: () => 1, unit: '(the flag)', ...ONCE, ...QUIET,
    first: 'Ask who locked, by the records of the switch; if nobody did, somebody has rights that he should not have.', page: 'runbooks/lockdown.md',
  },
  KeySetAge: {
    means: 'An issuer\'s signing keys were not fetched for long; after an hour its tokens are refused.',
    sounds: 'above', limit: ({ keySetAge }: Figures) => keySetAge, unit: 'seconds', minutes: 1, of: [3, 3],
    silence: 'notBreaching', whySilence: 'there is no age before the first token has come', group: 'fault',
    first: 'Look in the log of the mirror why it fails, and whether the issuer answers.', page: 'authorizers.md',
  },
  LeasesLost: {
    means: 'Leases of streams could not be kept: streams were cut, or a caller may have had more than his number.',
    sounds: 'at least', limit: () => 1, unit: 'leases', minutes: 5, of: [1, 1], ...QUIET,
    first: 'See whether Redis failed over at that time; if not, whether the event loop of a gate was late.', page: 'rate.md',
  },
  StreamsNearlyFull: {
    means: 'Open streams hold most of the connections that a gate takes: soon nobody else is let in.',
    sounds: 'at least', limit: ({ fullPercent }: Figures) => fullPercent, unit: '% of the connections', minutes: 1, of: [3, 3], ...QUIET,
    first: 'See who holds them (audit records with stream, by identity), and run more tasks.', page: 'rate.md',
  },
  NoHealthyTarget: {
    means: 'The load balancer knows no gate that is well: nobody is served.',
    sounds: 'below', limit: () => 1, unit: 'targets', minutes: 1, of: [2, 2],
    silence: 'breaching', whySilence: 'a target group without targets tells nothing', group: 'fault',
    first: 'See whether tasks run, and what their health checks say.', page: 'day-2.md',
  },
  TaskFailures: {
    means: 'A task ended by itself, or could not be started: a fault of its program, of its memory, or of what it needs to start.',
    sounds: 'at least', limit: () => 1, unit: 'tasks', minutes: 5, of: [1, 1], ...ABSENT,
    first: 'Read stoppedReason of the last stopped task, and the end of its log.', page: 'day-2.md',
  },
  CertificateExpiry: {
    means: 'The certificate should have been renewed by now, and was not: callers will be shut out when it expires.',
    sounds: 'below', limit: ({ certificateExpiry }: Figures) => certificateExpiry, unit: 'days', minutes: 1440, of: [1, 1],
    silence: 'ignore', whySilence: 'it is told once or twice a day, and no more once it has expired: the alarm stays as it is',
    first: 'Run cdk-secure-core cert: it says what keeps AWS Certificate Manager from renewing.', page: 'day-2.md',
  },
  PostgresStorage: {
    means: 'The disk of the database is nearly full, and does not grow any more.',
    sounds: 'below', limit: ({ freeStoragePercent }: Figures) => freeStoragePercent, unit: '% of its first size free', ...LASTING, ...ABSENT, group: 'fault',
    first: 'Raise the most that it may grow to, or delete what is not needed.', page: 'stores.md',
  },
  PostgresCpu: {
    means: 'The processor of the database is busy all the time, or the database is down.',
    sounds: 'above', limit: ({ busyPercent }: Figures) => busyPercent, unit: '%', ...LASTING, ...DOWN, group: 'fault',
    first: 'Look at Performance Insights which query it is.', page: 'stores.md',
  },
  PostgresConnections: {
    means: 'Most connections of the database are in use: soon nobody else can log in.',
    sounds: 'at least', limit: ({ fullPercent }: Figures) => fullPercent, unit: '% of its connections', ...LASTING, ...ABSENT,
    first: 'See who holds them in pg_stat_activity.', page: 'stores.md',
  },
  RedisMemory: {
    means: 'The memory of the Redis is nearly full: then gates refuse callers of whom nothing is counted yet.',
    sounds: 'at least', limit: ({ fullPercent }: Figures) => fullPercent, unit: '% of its memory', ...LASTING, ...ABSENT, group: 'fault',
    first: 'See whose keys they are; a flood of new identities is an attack.', page: 'redis.md',
  },
  RedisCpu: {
    means: 'The engine of the Redis is busy all the time, or the Redis is down.',
    sounds: 'above', limit: ({ busyPercent }: Figures) => busyPercent, unit: '%', ...LASTING, ...DOWN, group: 'fault',
    first: 'See how many requests there are; take a larger size, or more shards.', page: 'redis.md',
  },
  RedisReplicationLag: {
    means: 'A copy of the Redis is far behind: a failover now would forget what was counted since.',
    sounds: 'above', limit: () => 10, unit: 'seconds', ...LASTING, ...ABSENT,
    first: 'See whether the busiest node is short of processor or network.', page: 'redis.md',
  },
  MemcachedCpu: {
    means: 'The processor of the Memcached is busy all the time, or the Memcached is down.',
    sounds: 'above', limit: ({ busyPercent }: Figures) => busyPercent, unit: '%', ...LASTING, ...DOWN,
    first: 'See how many connections there are; take a larger size.', page: 'stores.md',
  },
} as const satisfies Readonly<Record<string, AlarmFacts>>;

export type AlarmName = keyof typeof ALARMS;

export const ALARM_NAMES = Object.keys(ALARMS) as AlarmName[];

/** As plain facts, for whoever goes through all of them. */
export const factsOf = (name: AlarmName): AlarmFacts => ALARMS[name];
