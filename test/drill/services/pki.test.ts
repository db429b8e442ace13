import { X509Certificate } from 'node:crypto';
import { connect, createServer, type TLSSocket } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { createPki, type Pki } from '../../../src/drill/services/pki';
import type { ClientCertificate } from '../../../src/drill/scene';

let pki: Pki;

beforeAll(async () => {
  pki = await createPki();
});

/** What a server that verifies callers, with the revocation list unless told otherwise, makes of a certificate. */
async function verdictOn(client: ClientCertificate | undefined, lists: readonly string[] = [pki.clientCrlPem]): Promise<string> {
  const { server: { certificatePem: cert, privateKeyPem: key }, clientCaPem: ca } = pki;
  const server = createServer({ cert, key, ca, ...(lists.length > 0 ? { crl: [...lists] } : {}), requestCert: true, rejectUnauthorized: false });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const verdict = new Promise<string>((resolve) => server.once('secureConnection', (socket) => resolve(socket.authorized ? 'authorized' : String(socket.authorizationError))));
  const socket = await handshake((server.address() as AddressInfo).port, client);
  const seen = await verdict;
  socket.destroy();
  server.close();
  return seen;
}

async function handshake(port: number, client?: ClientCertificate): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ca: pki.serverCaPem, cert: client?.certificatePem, key: client?.privateKeyPem }, () => resolve(socket));
    socket.once('error', reject);
  });
}

test('a good client certificate is accepted by a server that verifies with the revocation list', async () => {
  expect(await verdictOn(pki.clients.good())).toBe('authorized');
});

test.each([
  // OpenSSL looks for the list before it looks at who has signed.
  ['a self-signed one', 'selfSigned', 'UNABLE_TO_GET_CRL'],
  ['an expired one', 'expired', 'CERT_HAS_EXPIRED'],
  ['a revoked one', 'revoked', 'CERT_REVOKED'],
  ['one whose authority has the right name and the wrong key', 'wrongAuthority', 'CERT_SIGNATURE_FAILURE'],
] as const)('%s is refused for that reason', async (_, kind, reason) => {
  expect(await verdictOn(pki.clients[kind]())).toBe(reason);
});

test('a revoked certificate has nothing wrong with it but the list', async () => {
  expect(await verdictOn(pki.clients.revoked(), [])).toBe('authorized');
});

test('a self-signed certificate is refused without a list too', async () => {
  expect(await verdictOn(pki.clients.selfSigned(), [])).toBe('DEPTH_ZERO_SELF_SIGNED_CERT');
});

test('the first bit of the revoked serial number is clear, without which half of all lists would revoke nothing', () => {
  expect(new X509Certificate(pki.clients.revoked().certificatePem).serialNumber).toMatch(/^[0-7][0-9A-F]{31}$/);
});

test('no client certificate is no authorization', async () => {
  expect(await verdictOn(undefined)).not.toBe('authorized');
});

test('the impostor differs from the good certificate in serial number and signature only', () => {
  const [good, wrong] = [pki.clients.good(), pki.clients.wrongAuthority()].map(({ certificatePem }) => new X509Certificate(certificatePem));
  const publicKey = (certificate?: X509Certificate): unknown => certificate?.publicKey.export({ format: 'pem', type: 'spki' });
  const facts = (certificate?: X509Certificate): unknown[] => [certificate?.subject, certificate?.issuer, publicKey(certificate), certificate?.keyUsage];
  expect(facts(wrong)).toEqual(facts(good));
  expect(wrong?.verify(new X509Certificate(pki.clientCaPem).publicKey)).toBe(false);
  expect(good?.verify(new X509Certificate(pki.clientCaPem).publicKey)).toBe(true);
});

test('the server key is RSA, so that every TLS 1.2 cipher suite can be tried', () => {
  expect(new X509Certificate(pki.server.certificatePem).publicKey.asymmetricKeyType).toBe('rsa');
});

test('the server certificate names this machine and its authority vouches for it', () => {
  const certificate = new X509Certificate(pki.server.certificatePem);
  expect([certificate.checkHost('localhost'), certificate.checkIP('127.0.0.1')]).toEqual(['localhost', '127.0.0.1']);
  expect(certificate.verify(new X509Certificate(pki.serverCaPem).publicKey)).toBe(true);
});

test('what is valid is so since yesterday and for a week; the expired one ended yesterday', () => {
  const day = 24 * 60 * 60 * 1000;
  const until = (pem: string): number => Math.round((Date.parse(new X509Certificate(pem).validTo) - Date.now()) / day);
  expect([pki.server.certificatePem, pki.serverCaPem, pki.clientCaPem, pki.clients.good().certificatePem].map(until)).toEqual([7, 7, 7, 7]);
  expect(until(pki.clients.expired().certificatePem)).toBe(-1);
});

test('the authorities of two drills do not vouch for each other', async () => {
  const other = await createPki();
  expect(new X509Certificate(other.clients.good().certificatePem).verify(new X509Certificate(pki.clientCaPem).publicKey)).toBe(false);
});
