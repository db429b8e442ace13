import { X509Certificate } from 'node:crypto';
import { rdsAuthorities } from '../../../src/runtime/rotation/postgres-authorities';

const subjects = (host: string): string[] => rdsAuthorities(host).map((pem) => /^CN=(.*)$/m.exec(new X509Certificate(pem).subject)?.[1] ?? '').sort();

test('A database is vouched for by the three authorities of its own region', () => {
  expect(subjects('db.abcdefghijkl.eu-central-1.rds.amazonaws.com')).toEqual([
    'Amazon RDS eu-central-1 Root CA ECC384 G1', 'Amazon RDS eu-central-1 Root CA RSA2048 G1', 'Amazon RDS eu-central-1 Root CA RSA4096 G1',
  ]);
});

test('Each of them signs itself, and is one of an authority', () => {
  for (const pem of rdsAuthorities('db.abcdefghijkl.us-east-1.rds.amazonaws.com')) {
    const certificate = new X509Certificate(pem);
    expect(certificate.ca).toBe(true);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
  }
});

test('None that vouches for anything else is among them: neither the public ones of Amazon nor those of another region', () => {
  for (const region of ['us-east-1', 'us-east-2', 'ap-southeast-1']) {
    for (const subject of subjects(`db.abcdefghijkl.${region}.rds.amazonaws.com`)) expect(subject).toMatch(new RegExp(`^Amazon RDS ${region} Root CA (RSA2048|RSA4096|ECC384) G1$`));
  }
});

const UNKNOWN = ['db.example.test', '10.0.0.1', 'db.abcdefghijkl.xx-nowhere-1.rds.amazonaws.com', 'eu-central-1.rds.amazonaws.com.example.test', ''];

test.each(UNKNOWN)('For %j it is not known who vouches, which is said', (host) => {
  expect(() => rdsAuthorities(host)).toThrow(expect.objectContaining({ code: 'NO_AUTHORITY', message: expect.stringContaining('"ca"') as string }) as Error);
});
