import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { ACMClient, ImportCertificateCommand, RequestCertificateCommand } from '@aws-sdk/client-acm';
import { App, Stack } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import type { CheckedCertificate } from '../../src/cli/cert/checked';
import type { Emulator } from '../../src/drill/emulator/emulator';
import { startMinistack } from '../../src/drill/emulator/ministack';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { createPki } from '../../src/drill/services/pki';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import type { Ran } from '../support/command-line';
import { httpsListener } from '../support/load-balancing';

const ROOT = path.resolve(__dirname, '../..');
const [ACCOUNT, REGION] = ['111122223333', 'eu-central-1'];
const NOWHERE = `arn:aws:acm:${REGION}:${ACCOUNT}:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6`;
const KEYS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'not-so-secret' };
jest.setTimeout(180_000);

let folder: string;
let program: string;
let supervisor: Supervisor;
let emulator: Emulator;
let acm: ACMClient;

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cert-e2e-'));
  program = path.join(folder, 'cdk-secure-core.js');
  buildSync({ entryPoints: [path.join(ROOT, 'src/cli/main.ts')], bundle: true, platform: 'node', target: 'node20', outfile: program });
  supervisor = await Supervisor.open();
  const { ministack } = await openToolbox(() => undefined);
  emulator = await startMinistack({ supervisor, ministack, account: ACCOUNT, region: REGION });
  acm = new ACMClient({ endpoint: emulator.endpoint, region: REGION, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } });
});

afterAll(async () => {
  acm.destroy();
  await supervisor.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** The command as a user runs it: addresses and keys come from the environment alone. */
function cert(environment: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ran> {
  // No metadata service stands beside this machine, and asking for one takes seconds.
  const env = { PATH: process.env.PATH, HOME: folder, CI: 'true', AWS_EC2_METADATA_DISABLED: 'true', ...environment };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, 'cert', ...args], { env, cwd: folder }, (_, out, err) => resolve({ code: child.exitCode ?? -1, out, err }));
  });
}

const emulated = (): Record<string, string> => ({ ...KEYS, AWS_ENDPOINT_URL: emulator.endpoint });

function checksOf({ out }: Ran): Record<string, string> {
  const { certificates } = JSON.parse(out) as { readonly certificates: readonly CheckedCertificate[] };
  return Object.fromEntries(certificates.flatMap(({ checks }) => checks.map(({ check, verdict }) => [check, verdict])));
}

/** Answers whatever is asked in the words of ACM, for what the emulator cannot be brought into. */
async function answering<T>(status: number, body: object, run: (endpoint: string) => Promise<T>): Promise<T> {
  const server: Server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe('cdk-secure-core cert, against the emulator', () => {
  async function requested(...names: string[]): Promise<string> {
    const [DomainName = '', ...SubjectAlternativeNames] = names;
    const { CertificateArn = '' } = await acm.send(new RequestCertificateCommand({ DomainName, ValidationMethod: 'DNS', SubjectAlternativeNames: [DomainName, ...SubjectAlternativeNames] }));
    return CertificateArn;
  }

  test('finds nothing wrong with a certificate that is issued for the name', async () => {
    const arn = await requested('acme.com', '*.acme.com');
    const ran = await cert(emulated(), arn, '--name', 'core.acme.com', '--name', 'acme.com', '--region', REGION, '--format', 'json');
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(checksOf(ran)).toMatchObject({ 'issued': 'ok', 'names': 'ok', 'key': 'ok', 'expiry': 'ok', 'region': 'ok', 'type': 'ok', 'in use': 'note' });
  });

  test('ends with 1 where a name, the region, the days or the load balancer is not what was asked for', async () => {
    const arn = await requested('acme.com');
    const balancer = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:loadbalancer/app/core/0123456789abcdef`;
    const ran = await cert(emulated(), arn, '--name', 'core.acme.com', '--region', 'us-east-1', '--days', '4000', '--in-use-by', balancer, '--format', 'json');
    expect(ran.code).toBe(1);
    expect(checksOf(ran)).toMatchObject({ 'issued': 'ok', 'names': 'wrong', 'region': 'wrong', 'expiry': 'wrong', 'in use': 'wrong' });
  });

  test('says that an imported certificate never renews itself', async () => {
    const { server } = await createPki();
    const { CertificateArn = '' } = await acm.send(new ImportCertificateCommand({ Certificate: Buffer.from(server.certificatePem), PrivateKey: Buffer.from(server.privateKeyPem) }));
    const { code, out } = await cert(emulated(), CertificateArn);
    expect(code).toBe(0);
    expect(out).toContain('An imported certificate never renews itself: import its successor under the same ARN before ');
    expect(out).toContain('✓ issued');
  });

  test('finds the certificate of a synthesized listener, and that the account does not have it', async () => {
    const app = new App({ outdir: path.join(folder, 'cdk.out') });
    httpsListener(new Stack(app, 'Stack', { env: { account: ACCOUNT, region: REGION } }), { certificates: [{ certificateArn: NOWHERE }] });
    app.synth();
    const { code, out, err } = await cert(emulated(), 'cdk.out');
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toBe(`${NOWHERE}\n✗ issued  ACM has no such certificate in ${REGION} of account ${ACCOUNT}: was it deleted, or is the ARN mistyped?\n`);
  });
});

describe('cdk-secure-core cert, where the emulator has no such answer', () => {
  test('names the DNS record that a pending certificate waits for', async () => {
    const validation = {
      DomainName: 'core.acme.com', ValidationMethod: 'DNS', ValidationStatus: 'PENDING_VALIDATION',
      ResourceRecord: { Name: '_a1.core.acme.com.', Type: 'CNAME', Value: '_b2.acm-validations.aws.' },
    };
    const pending = { CertificateArn: NOWHERE, DomainName: 'core.acme.com', Status: 'PENDING_VALIDATION', Type: 'AMAZON_ISSUED', DomainValidationOptions: [validation] };
    const { code, out } = await answering(200, { Certificate: pending }, (endpoint) => cert({ ...KEYS, AWS_ENDPOINT_URL: endpoint }, NOWHERE));
    expect(code).toBe(1);
    expect(out).toContain('put this record into the public DNS (ACM does not see a private hosted zone): _a1.core.acme.com. CNAME _b2.acm-validations.aws.');
  });

  test.each([
    ['AccessDeniedException', 'they need acm:DescribeCertificate'],
    ['UnrecognizedClientException', 'AWS does not accept the credentials'],
    ['ExpiredTokenException', 'sign in again'],
    ['SomethingNewException', 'ACM answered SomethingNewException.'],
  ])('says in one sentence what %s means, and repeats nothing of what AWS wrote', async (name, says) => {
    const { code, out, err } = await answering(400, { __type: name, message: 'User: arn:aws:iam::1:user/x with hunter2' }, (endpoint) => cert({ ...KEYS, AWS_ENDPOINT_URL: endpoint }, NOWHERE));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(err).not.toContain('hunter2');
  });
});

describe('cdk-secure-core cert, where nobody can be asked', () => {
  test.each<[string, Readonly<Record<string, string>>, readonly string[], string]>([
    ['there are no credentials', { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, [NOWHERE], 'There are no AWS credentials: sign in, or name a profile with AWS_PROFILE.'],
    ['nothing answers', { ...KEYS, AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, [NOWHERE], 'ACM cannot be reached'],
    ['the ARN is none', KEYS, ['arn:aws:acm:eu-central-1::certificate/x'], 'is not the ARN of a certificate'],
    ['the template does not exist', KEYS, ['nowhere.json'], 'nowhere.json does not exist'],
    ['an option is not known', KEYS, [NOWHERE, '--nmae', 'x'], "unknown option '--nmae'"],
  ])('ends with 2 and one sentence where %s', async (_, environment, args, says) => {
    const { code, out, err } = await cert(environment, ...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(says);
    expect(err).not.toMatch(/\n\s+at |not-so-secret/);
  });
});
