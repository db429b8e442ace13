import { X509Certificate } from 'node:crypto';
import type { ClientCertificateMint } from '../../../../src/drill/scene';
import { L } from '../../../drill/edge/envoy/listeners';
import { edge as model } from '../../../drill/edge/envoy/models';
import { asClient, type EdgeStand, openEdge, seen } from '../../../support/edge-stand';

let edge: EdgeStand;

beforeAll(async () => {
  edge = await openEdge(model(...Object.values(L)));
}, 120_000);
afterAll(() => edge.supervisor.stop());

describe('client certificates', () => {
  const WRITTEN = ['serial-number', 'issuer', 'subject', 'validity', 'leaf'].map((part) => `x-amzn-mtls-clientcert-${part}`);

  test.each<[string, keyof ClientCertificateMint, RegExp]>([
    ['a self-signed one', 'selfSigned', /unknown ca/],
    ['an expired one', 'expired', /certificate expired/],
    ['a revoked one', 'revoked', /certificate revoked/],
    ['one of another authority', 'wrongAuthority', /alert/],
  ])('%s is refused in the handshake', async (_, which, message) => {
    await expect(edge.to(L.verify, asClient(edge.pki.clients[which]()))).rejects.toThrow(message);
  });

  test('none is refused in the handshake', async () => {
    await expect(edge.to(L.verify)).rejects.toThrow(/certificate required/);
  });

  test('a good one is described to the Core in the place of what the caller says', async () => {
    const { headers } = seen(await edge.to(L.verify, asClient(edge.pki.clients.good())));
    const [serial, issuedBy, subject, validity, leaf] = WRITTEN.map((name) => headers[name]);
    expect([subject, issuedBy]).toEqual([['CN=drill-caller'], ['CN=Drill client authority']]);
    expect(serial).toEqual([expect.stringMatching(/^[0-9a-f]+$/i)]);
    expect(validity).toEqual([expect.stringMatching(/^NotBefore=[\d-]+T[\d:]+Z;NotAfter=[\d-]+T[\d:]+Z$/)]);
    expect(new X509Certificate(decodeURIComponent(leaf?.[0] ?? '')).raw).toEqual(new X509Certificate(edge.pki.clients.good().certificatePem).raw);
  });

  test('expiry and revocation are overlooked where the listener says so, the authority never', async () => {
    await expect(edge.to(L.verifyLax, asClient(edge.pki.clients.expired()))).resolves.toMatchObject({ status: 200 });
    await expect(edge.to(L.verifyLax, asClient(edge.pki.clients.revoked()))).resolves.toMatchObject({ status: 200 });
    await expect(edge.to(L.verifyLax, asClient(edge.pki.clients.selfSigned()))).rejects.toThrow(/unknown ca/);
  });

  test.each<keyof ClientCertificateMint>(['good', 'selfSigned', 'expired', 'revoked', 'wrongAuthority'])('in passthrough mode any is passed on: %s', async (which) => {
    const client = edge.pki.clients[which]();
    const { headers } = seen(await edge.to(L.passthrough, asClient(client)));
    expect(new X509Certificate(decodeURIComponent(headers['x-amzn-mtls-clientcert']?.join() ?? '')).raw).toEqual(new X509Certificate(client.certificatePem).raw);
  });

  test('in passthrough mode none is needed, and the caller cannot claim one', async () => {
    const { headers } = seen(await edge.to(L.passthrough, { headers: [['X-Amzn-Mtls-Clientcert', 'mine']] }));
    expect(headers['x-amzn-mtls-clientcert']).toBeUndefined();
  });

  test('the listener may call the headers otherwise, and may speak of TLS and of the caller\'s port', async () => {
    const { tls: certificate } = asClient(edge.pki.clients.good());
    const { headers } = seen(await edge.to(L.renamed, { tls: certificate, from: '192.0.2.1', headers: [['x-caller', 'CN=admin'], ['x-tls', 'none'], ['x-amzn-tls-cipher-suite', 'none']] }));
    expect(headers).toMatchObject({ 'x-caller': ['CN=drill-caller'], 'x-tls': ['TLSv1.3'], 'x-amzn-tls-cipher-suite': ['TLS_AES_256_GCM_SHA384'], 'x-forwarded-for': ['192.0.2.1:40000'] });
    expect(headers).not.toHaveProperty('x-amzn-mtls-clientcert-subject');
  });

  test('without mutual authentication the caller\'s own headers pass', async () => {
    expect(seen(await edge.to(L.modern, { headers: [['X-Amzn-Mtls-Clientcert-Subject', 'CN=admin']] })).headers['x-amzn-mtls-clientcert-subject']).toEqual(['CN=admin']);
  });
});
