import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const HOUR_MS = 60 * 60 * 1000;
/** Ten years: longer than any task lives, and the key goes with its process. */
const LIFETIME_MS = 10 * 365 * 24 * HOUR_MS;

/** PEM, of which nothing is ever written anywhere. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A key pair that only this process has (TLS-5). The load balancer does not check whom it speaks to (ELB guide, "Target groups: protocol"), so nobody has to know it beforehand. */
export async function createCertificate(now: number): Promise<Certificate> {
  const keys = await webcrypto.subtle.generateKey(P256, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=gate',
    // Clocks of two machines differ.
    notBefore: new Date(now - HOUR_MS),
    notAfter: new Date(now + LIFETIME_MS),
    signingAlgorithm: P256,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }, { type: 'ip', value: '127.0.0.1' }]),
    ],
  });
  const key = x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return { key, cert: certificate.toString('pem') };
}
