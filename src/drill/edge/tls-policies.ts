import type { TlsPolicy, TlsVersion } from './model';

/** Cipher suites by what sets policies apart: whether keys are agreed on or sent, and how a record is protected. */
type Suites = 'forward-gcm' | 'forward-cbc' | 'forward-sha1' | 'sent-key' | 'sent-key-sha1';

/** In the load balancer's order, with OpenSSL's names. */
const CIPHERS: readonly (readonly [name: string, suites: Suites])[] = [
  ['ECDHE-ECDSA-AES128-GCM-SHA256', 'forward-gcm'],
  ['ECDHE-RSA-AES128-GCM-SHA256', 'forward-gcm'],
  ['ECDHE-ECDSA-AES128-SHA256', 'forward-cbc'],
  ['ECDHE-RSA-AES128-SHA256', 'forward-cbc'],
  ['ECDHE-ECDSA-AES128-SHA', 'forward-sha1'],
  ['ECDHE-RSA-AES128-SHA', 'forward-sha1'],
  ['ECDHE-ECDSA-AES256-GCM-SHA384', 'forward-gcm'],
  ['ECDHE-RSA-AES256-GCM-SHA384', 'forward-gcm'],
  ['ECDHE-ECDSA-AES256-SHA384', 'forward-cbc'],
  ['ECDHE-RSA-AES256-SHA384', 'forward-cbc'],
  ['ECDHE-ECDSA-AES256-SHA', 'forward-sha1'],
  ['ECDHE-RSA-AES256-SHA', 'forward-sha1'],
  ['AES128-GCM-SHA256', 'sent-key'],
  ['AES128-SHA256', 'sent-key'],
  ['AES128-SHA', 'sent-key-sha1'],
  ['AES256-GCM-SHA384', 'sent-key'],
  ['AES256-SHA256', 'sent-key'],
  ['AES256-SHA', 'sent-key-sha1'],
];

const GCM: readonly Suites[] = ['forward-gcm'];
const FORWARD_SHA2: readonly Suites[] = [...GCM, 'forward-cbc'];
const FORWARD: readonly Suites[] = [...FORWARD_SHA2, 'forward-sha1'];
const SHA2: readonly Suites[] = [...FORWARD_SHA2, 'sent-key'];
const ALL: readonly Suites[] = [...FORWARD, 'sent-key', 'sent-key-sha1'];

/** The hybrids that the post-quantum policies name, and their classical halves: the page says that callers may use either, without naming these. */
const POST_QUANTUM = ['SecP384r1MLKEM1024', 'X25519MLKEM768', 'SecP256r1MLKEM768', 'secp384r1', 'x25519', 'secp256r1'] as const;

type Row = readonly [suffixes: readonly string[], minVersion: TlsVersion, maxVersion: TlsVersion, suites: readonly Suites[]];

/** Suffixes of the generations that have a policy of that kind; post-quantum ones and those for FIPS differ from the others in groups and in suites of TLS 1.3. */
const TLS13 = ['2021-06', 'PQ-2025-09', 'FIPS-2023-04', 'FIPS-PQ-2025-09'] as const;
const [CLASSICAL, PQ, FIPS, FIPS_PQ] = TLS13;

const under = (prefix: string, generations: readonly string[]): readonly string[] => generations.map((generation) => `${prefix}-${generation}`);

const ROWS: readonly Row[] = [
  [under('TLS13-1-3', TLS13), 'TLSv1.3', 'TLSv1.3', []],
  [under('TLS13-1-2', TLS13), 'TLSv1.2', 'TLSv1.3', FORWARD_SHA2],
  [under('TLS13-1-2-Res', TLS13), 'TLSv1.2', 'TLSv1.3', GCM],
  [under('TLS13-1-2-Ext0', [FIPS, FIPS_PQ]), 'TLSv1.2', 'TLSv1.3', FORWARD],
  [under('TLS13-1-2-Ext1', TLS13), 'TLSv1.2', 'TLSv1.3', SHA2],
  [under('TLS13-1-2-Ext2', TLS13), 'TLSv1.2', 'TLSv1.3', ALL],
  [under('TLS13-1-1', [CLASSICAL, FIPS]), 'TLSv1.1', 'TLSv1.3', ALL],
  [under('TLS13-1-0', [CLASSICAL, PQ, FIPS, FIPS_PQ]), 'TLSv1', 'TLSv1.3', ALL],
  [['TLS-1-2-Ext-2018-06'], 'TLSv1.2', 'TLSv1.2', ALL],
  [['TLS-1-2-2017-01'], 'TLSv1.2', 'TLSv1.2', SHA2],
  [['TLS-1-1-2017-01'], 'TLSv1.1', 'TLSv1.2', ALL],
  [['2016-08'], 'TLSv1', 'TLSv1.2', ALL],
  [['FS-1-2-Res-2020-10'], 'TLSv1.2', 'TLSv1.2', GCM],
  [['FS-1-2-Res-2019-08'], 'TLSv1.2', 'TLSv1.2', FORWARD_SHA2],
  [['FS-1-2-2019-08'], 'TLSv1.2', 'TLSv1.2', FORWARD],
  [['FS-1-1-2019-08'], 'TLSv1.1', 'TLSv1.2', FORWARD],
  [['FS-2018-06'], 'TLSv1', 'TLSv1.2', FORWARD],
];

/**
 * The named policies of an application load balancer. AWS: "Security policies for your Application Load Balancer", tables "Protocols by policy" and "Ciphers by policy".
 * Those for RFC 9151 are left out: they also choose signatures and curves, which the model has no place for.
 */
export const TLS_POLICIES: ReadonlyMap<string, TlsPolicy> = new Map(ROWS.flatMap(([suffixes, minVersion, maxVersion, suites]) => suffixes.map((suffix): [string, TlsPolicy] => {
  const name = `ELBSecurityPolicy-${suffix}`;
  const ciphers = CIPHERS.filter(([, kind]) => suites.includes(kind)).map(([cipher]) => cipher);
  return [name, { name, minVersion, maxVersion, ciphers, ...(suffix.includes('PQ-') ? { groups: POST_QUANTUM } : {}) }];
})));

/** What a listener gets that CloudFormation makes without naming a policy; the console would choose another. Same page, "Considerations". */
export const DEFAULT_TLS_POLICY = 'ELBSecurityPolicy-2016-08';
