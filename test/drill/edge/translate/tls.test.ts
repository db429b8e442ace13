import { TLS_POLICIES } from '../../../../src/drill/edge/tls-policies';
import { door, elb, listener } from './door';
import type { JsonMap } from '../../../../src/checks/template/template';

const STORE = { Store: elb('TrustStore', { CaCertificatesBundleS3Bucket: { Ref: 'Bucket' }, CaCertificatesBundleS3Key: 'ca.pem' }) };
const mutual = (properties: JsonMap): { Listener: JsonMap } => ({ Listener: { MutualAuthentication: properties } });
const VERIFY = { Mode: 'verify', TrustStoreArn: { Ref: 'Store' } };

test('a named policy is what AWS says it is', () => {
  expect(listener({ Listener: { SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06' } }).tls?.policy).toEqual({
    name: 'ELBSecurityPolicy-TLS13-1-2-Res-2021-06',
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: ['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  });
});

test.each([
  ['2016-08', 'TLSv1', 'TLSv1.2', 18], ['TLS-1-1-2017-01', 'TLSv1.1', 'TLSv1.2', 18], ['TLS-1-2-2017-01', 'TLSv1.2', 'TLSv1.2', 12], ['TLS-1-2-Ext-2018-06', 'TLSv1.2', 'TLSv1.2', 18],
  ['FS-2018-06', 'TLSv1', 'TLSv1.2', 12], ['FS-1-1-2019-08', 'TLSv1.1', 'TLSv1.2', 12], ['FS-1-2-2019-08', 'TLSv1.2', 'TLSv1.2', 12], ['FS-1-2-Res-2019-08', 'TLSv1.2', 'TLSv1.2', 8],
  ['FS-1-2-Res-2020-10', 'TLSv1.2', 'TLSv1.2', 4], ['TLS13-1-0-2021-06', 'TLSv1', 'TLSv1.3', 18], ['TLS13-1-1-2021-06', 'TLSv1.1', 'TLSv1.3', 18], ['TLS13-1-2-2021-06', 'TLSv1.2', 'TLSv1.3', 8],
  ['TLS13-1-2-Ext1-2021-06', 'TLSv1.2', 'TLSv1.3', 12], ['TLS13-1-2-Ext2-2021-06', 'TLSv1.2', 'TLSv1.3', 18], ['TLS13-1-2-Ext0-FIPS-2023-04', 'TLSv1.2', 'TLSv1.3', 12],
  ['TLS13-1-3-2021-06', 'TLSv1.3', 'TLSv1.3', 0],
])('ELBSecurityPolicy-%s is %s to %s with %i ciphers', (suffix, minVersion, maxVersion, ciphers) => {
  const policy = TLS_POLICIES.get(`ELBSecurityPolicy-${suffix}`);
  expect([policy?.minVersion, policy?.maxVersion, policy?.ciphers.length]).toEqual([minVersion, maxVersion, ciphers]);
});

test('all policies of the page are there but those for RFC 9151', () => {
  expect(TLS_POLICIES.size).toBe(37);
});

test('a policy for forward secrecy sends no key', () => {
  const forward = [...TLS_POLICIES.values()].filter(({ name }) => name.includes('-FS-') || name.includes('Ext0'));
  expect(forward).toHaveLength(7);
  for (const { ciphers } of forward) expect(ciphers.filter((cipher) => !cipher.startsWith('ECDHE-'))).toEqual([]);
});

test('a post-quantum policy has the ciphers of its classical twin, and groups', () => {
  const pq = TLS_POLICIES.get('ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09');
  expect(pq?.ciphers).toEqual(TLS_POLICIES.get('ELBSecurityPolicy-TLS13-1-2-Res-2021-06')?.ciphers);
  expect(pq?.groups).toEqual(expect.arrayContaining(['X25519MLKEM768', 'x25519']));
  expect(TLS_POLICIES.get('ELBSecurityPolicy-TLS13-1-2-Res-2021-06')).not.toHaveProperty('groups');
});

test('a policy for FIPS is reported, since suites of TLS 1.3 cannot be chosen', () => {
  expect(door({ Listener: { SslPolicy: 'ELBSecurityPolicy-TLS13-1-3-FIPS-2023-04' } }).notEmulated).toMatchObject([{ property: 'SslPolicy' }]);
});

test('a policy nobody knows ends the translation', () => {
  expect(() => door({ Listener: { SslPolicy: 'ELBSecurityPolicy-2099-01' } })).toThrow(
    'Stack Shop: Listener.Properties.SslPolicy is "ELBSecurityPolicy-2099-01": the drill does not know which versions and ciphers this policy stands for; name another to drill the rest.');
});

test('an HTTP listener has no TLS, and may not ask for any', () => {
  expect(listener({ Listener: { Protocol: 'HTTP', Port: 80 } })).not.toHaveProperty('tls');
  expect(() => door({ Listener: { Protocol: 'HTTP', SslPolicy: 'ELBSecurityPolicy-2016-08' } })).toThrow('an HTTP listener takes none');
});

test('certificates are reported, for the drill shows its own', () => {
  const more = { More: elb('ListenerCertificate', { ListenerArn: { Ref: 'Listener' }, Certificates: [{ CertificateArn: { Ref: 'Certificate' } }] }) };
  const { notEmulated } = door({ Listener: { Certificates: [{ CertificateArn: { 'Fn::ImportValue': 'x' } }] } }, more);
  expect(notEmulated.map(({ place, property }) => [place.logicalId, property])).toEqual([['Listener', 'Certificates'], ['More', 'Certificates']]);
});

test('callers are not asked for a certificate where the mode is off', () => {
  expect(listener(mutual({ Mode: 'off' })).tls).not.toHaveProperty('clients');
  expect(listener(mutual({ Mode: 'passthrough' })).tls?.clients).toEqual({ mode: 'passthrough' });
});

test('a trust store verifies, and revokes where a list is given for it', () => {
  expect(listener(mutual(VERIFY), STORE).tls?.clients).toEqual({ mode: 'verify', ignoreExpiry: false, trustStore: 'Shop/Store', revocation: false });
  const list = { List: elb('TrustStoreRevocation', { TrustStoreArn: { 'Fn::GetAtt': ['Store', 'TrustStoreArn'] }, RevocationContents: [{ RevocationType: 'CRL', S3Bucket: 'b', S3Key: 'k' }] }) };
  const { tls } = listener(mutual({ ...VERIFY, IgnoreClientCertificateExpiry: true }), { ...STORE, ...list });
  expect(tls?.clients).toEqual({ mode: 'verify', ignoreExpiry: true, trustStore: 'Shop/Store', revocation: true });
});

test('the bundle and the list, whose keys nobody has, are reported', () => {
  const list = { List: elb('TrustStoreRevocation', { TrustStoreArn: { Ref: 'Store' }, RevocationContents: [{ RevocationType: 'CRL', S3Bucket: 'b', S3Key: 'k' }] }) };
  expect(door(mutual({ ...VERIFY, AdvertiseTrustStoreCaNames: 'on' }), { ...STORE, ...list }).notEmulated.map(({ property }) => property)).toEqual([
    'MutualAuthentication.AdvertiseTrustStoreCaNames', 'CaCertificatesBundleS3Key', 'RevocationContents.0.S3Key',
  ]);
});

test('a list for another trust store revokes nothing here', () => {
  const list = { List: elb('TrustStoreRevocation', { TrustStoreArn: 'arn:other', RevocationContents: [{ RevocationType: 'CRL', S3Bucket: 'b', S3Key: 'k' }] }) };
  expect(listener(mutual(VERIFY), { ...STORE, ...list }).tls?.clients).toMatchObject({ revocation: false });
});

test('a trust store that is only named is used under its name, and what it revokes is reported as unknown', () => {
  const { listeners, notEmulated } = door(mutual({ Mode: 'verify', TrustStoreArn: 'arn:store' }));
  expect(listeners[0]?.tls?.clients).toMatchObject({ trustStore: 'arn:store', revocation: false });
  expect(notEmulated).toMatchObject([{ property: 'MutualAuthentication.TrustStoreArn' }]);
});

test.each<[JsonMap, string]>([
  [{ Mode: 'sometimes' }, 'it knows off, passthrough, verify'],
  [{ Mode: 'verify' }, 'MutualAuthentication.TrustStoreArn: it is missing'],
  [{ Mode: 'passthrough', TrustStoreArn: 'arn:store' }, 'mode passthrough takes none'],
  [{ Mode: 'verify', TrustStoreArn: 'arn:store', Sparkle: true }, 'the drill does not know what the property Sparkle does'],
])('mutual authentication as in %j ends the translation', (properties, sentence) => {
  expect(() => door(mutual(properties))).toThrow(sentence);
});
