import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { ClientCertificate, ClientCertificateMint } from '../scene';

/** The certificates of one drill. Nothing of it is written to disk by this file, and nothing outlives the process. */
export interface Pki {
  /** What the edge shows callers, whatever name they ask for. */
  readonly server: { readonly certificatePem: string; readonly privateKeyPem: string };
  readonly serverCaPem: string;
  /** Whom the edge trusts to vouch for callers. */
  readonly clientCaPem: string;
  readonly clientCrlPem: string;
  readonly clients: ClientCertificateMint;
  /** Of the authority that the edge trusts, for a subject as a load balancer writes it: the last part of the name first (RFC 2253). */
  certificateFor(subject: string): Promise<ClientCertificate>;
}

interface Authority {
  readonly certificate: x509.X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
}

interface Leaf {
  readonly subject: string;
  readonly keys: webcrypto.CryptoKeyPair;
  readonly usage: x509.ExtendedKeyUsage;
  readonly names?: x509.JsonGeneralNames;
  readonly validity?: Validity;
}

type Validity = Pick<x509.X509CertificateCreateParamsBase, 'notBefore' | 'notAfter'>;

const EC: webcrypto.EcKeyGenParams & webcrypto.EcdsaParams = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
/** The server's: TLS 1.2 has cipher suites for RSA keys alone, and attacks try those too. */
const RSA: webcrypto.RsaHashedKeyGenParams = { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
const DAY_MS = 24 * 60 * 60 * 1000;

/** Makes all keys and certificates of a drill. */
export async function createPki(): Promise<Pki> {
  const [serverCa, clientCa, serverKeys, clientKeys, strangerKeys] = await Promise.all([
    authority('CN=Drill server authority', RSA), authority('CN=Drill client authority', EC), keyPair(RSA), keyPair(EC), keyPair(EC),
  ]);
  // In name and key id the true one: only the signature tells them apart.
  const impostor: Authority = { certificate: clientCa.certificate, keys: strangerKeys };
  const caller: Leaf = { subject: 'CN=drill-caller', keys: clientKeys, usage: x509.ExtendedKeyUsage.clientAuth };
  const [server, good, expired, revoked, wrongAuthority, selfSigned] = await Promise.all([
    issue(serverCa, {
      subject: 'CN=edge.drill.test',
      keys: serverKeys,
      usage: x509.ExtendedKeyUsage.serverAuth,
      names: [{ type: 'dns', value: 'localhost' }, { type: 'dns', value: '*.drill.test' }, { type: 'ip', value: '127.0.0.1' }],
    }),
    issue(clientCa, caller),
    issue(clientCa, { ...caller, validity: { notBefore: days(-8), notAfter: days(-1) } }),
    issue(clientCa, caller),
    issue(impostor, caller),
    selfSign('CN=drill-caller', clientKeys),
  ]);
  const clientKeyPem = await privateKeyPem(clientKeys);
  const client = (certificate: x509.X509Certificate) => (): ClientCertificate => ({ certificatePem: certificate.toString('pem'), privateKeyPem: clientKeyPem });
  return {
    server: { certificatePem: server.toString('pem'), privateKeyPem: await privateKeyPem(serverKeys) },
    serverCaPem: serverCa.certificate.toString('pem'),
    clientCaPem: clientCa.certificate.toString('pem'),
    clientCrlPem: await revocationList(clientCa, revoked),
    clients: { good: client(good), selfSigned: client(selfSigned), expired: client(expired), revoked: client(revoked), wrongAuthority: client(wrongAuthority) },
    certificateFor: async (subject) => client(await issue(clientCa, { ...caller, subject: subject.split(/,\s*/).reverse().join(', ') }))(),
  };
}

async function authority(name: string, algorithm: webcrypto.EcKeyGenParams | webcrypto.RsaHashedKeyGenParams): Promise<Authority> {
  const keys = await keyPair(algorithm);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name,
    keys,
    signingAlgorithm: signing(keys),
    ...thisWeek(),
    extensions: [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate, keys };
}

async function issue(by: Authority, { subject, keys, usage, names, validity = thisWeek() }: Leaf): Promise<x509.X509Certificate> {
  return x509.X509CertificateGenerator.create({
    serialNumber: positiveSerial(),
    subject,
    issuer: by.certificate.subject,
    publicKey: keys.publicKey,
    signingKey: by.keys.privateKey,
    signingAlgorithm: signing(by.keys),
    ...validity,
    extensions: [
      ...endEntity(usage),
      await x509.AuthorityKeyIdentifierExtension.create(by.certificate.publicKey),
      ...(names === undefined ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
    ],
  });
}

async function selfSign(name: string, keys: webcrypto.CryptoKeyPair): Promise<x509.X509Certificate> {
  const extensions = endEntity(x509.ExtendedKeyUsage.clientAuth);
  return x509.X509CertificateGenerator.createSelfSigned({ name, keys, signingAlgorithm: signing(keys), ...thisWeek(), extensions });
}

function endEntity(usage: x509.ExtendedKeyUsage): x509.Extension[] {
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
    new x509.ExtendedKeyUsageExtension([usage]),
  ];
}

async function revocationList(by: Authority, revoked: x509.X509Certificate): Promise<string> {
  const list = await x509.X509CrlGenerator.create({
    issuer: by.certificate.subject,
    thisUpdate: days(-1),
    nextUpdate: days(7),
    signingKey: by.keys.privateKey,
    signingAlgorithm: signing(by.keys),
    entries: [{ serialNumber: revoked.serialNumber, revocationDate: days(-1), reason: x509.X509CrlReason.keyCompromise }],
    extensions: [await x509.AuthorityKeyIdentifierExtension.create(by.certificate.publicKey)],
  });
  // The library's own label for a list, `CRL`, is one that OpenSSL does not know (RFC 7468, section 6).
  return x509.PemConverter.encode(list.rawData, 'X509 CRL');
}

/** The library writes a serial number with its first bit set into a revocation list as a negative one, which then revokes nothing. */
function positiveSerial(): string {
  return `4${randomBytes(16).toString('hex').slice(1)}`;
}

async function keyPair(algorithm: webcrypto.EcKeyGenParams | webcrypto.RsaHashedKeyGenParams): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
}

/** A key carries its algorithm, but an elliptic one not the hash to sign with. */
function signing(keys: webcrypto.CryptoKeyPair): webcrypto.Algorithm | webcrypto.EcdsaParams {
  return keys.privateKey.algorithm.name === EC.name ? EC : RSA;
}

async function privateKeyPem(keys: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
}

/** From yesterday, for clocks that differ, to in a week: longer than any drill, and useless afterwards. */
function thisWeek(): Validity {
  return { notBefore: days(-1), notAfter: days(7) };
}

function days(from: number): Date {
  return new Date(Date.now() + from * DAY_MS);
}
