import { X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { AMAZON_RDS, AMAZON_RDS_FILE } from '../../../src/data/contract';
import { writeAuthorities } from '../../../src/runtime/gate/ca-bundle';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'authorities-'));
});
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }));

const written = (file: string): string => fs.readFileSync(path.join(folder, file), 'utf8');

describe('What writes the authorities of a Core\'s stores', () => {
  test('writes those of Amazon RDS, every one of them an authority that a program can read, of every region', () => {
    writeAuthorities(JSON.stringify({ [AMAZON_RDS_FILE]: AMAZON_RDS }), folder);
    const certificates = written(AMAZON_RDS_FILE).match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g)?.map((pem) => new X509Certificate(pem)) ?? [];
    expect(certificates.every(({ ca }) => ca)).toBe(true);
    const subjects = certificates.map(({ subject }) => subject).join('\n');
    for (const region of ['us-east-1', 'eu-central-1', 'ap-southeast-2']) expect(subjects).toContain(`Amazon RDS ${region} Root CA RSA2048 G1`);
  });

  test('writes what it is given beside them, each into a file of its own that everybody may read and nobody write', () => {
    writeAuthorities(JSON.stringify({ [AMAZON_RDS_FILE]: AMAZON_RDS, '1a2b3c4d.pem': 'PEM' }), folder);
    expect(written('1a2b3c4d.pem')).toBe('PEM');
    expect(fs.readdirSync(folder).map((file) => fs.statSync(path.join(folder, file)).mode & 0o777)).toEqual([0o444, 0o444]);
  });

  test.each([
    ['nothing', undefined, 'AUTHORITIES names no file.'],
    ['no file', '{}', 'AUTHORITIES names no file.'],
    ['a path', '{"../x.pem":"PEM"}', 'AUTHORITIES names a file that is none: ../x.pem.'],
    ['no content', '{"x.pem":1}', 'AUTHORITIES names a file that is none: x.pem.'],
  ])('ends where it is told %s, so that no Core starts without them', (_, files, message) => {
    expect(() => writeAuthorities(files, folder)).toThrow(message);
    expect(fs.readdirSync(folder)).toEqual([]);
  });
});
