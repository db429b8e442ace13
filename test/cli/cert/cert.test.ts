import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { CertificateDetail } from '@aws-sdk/client-acm';
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { CfnCertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnListenerCertificate, CfnListenerRule } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { cert, type CertOptions } from '../../../src/cli/cert';
import type { CheckedCertificate } from '../../../src/cli/cert/checked';
import { NO_COLORS } from '../../../src/cli/colors';
import { UsageError } from '../../../src/cli/usage-error';
import { httpsListener } from '../../support/load-balancing';
import { remoteCore } from '../../support/remote-core';

const OPTIONS: CertOptions = { name: [], days: '30', format: 'json', parameter: [] };
const NOW = new Date('2026-06-01T12:00:00Z');
const ARN = 'arn:aws:acm:eu-central-1:111122223333:certificate/6a4f1e0c-2b3d-4c5e-8f90-a1b2c3d4e5f6';
const OTHER = ARN.replace('6a4f', '7b5f');
const EUROPE = { region: 'eu-central-1', account: '111122223333' };

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'cert-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

function assembly(name: string, build: (stack: Stack) => void, env = EUROPE): string {
  const app = new App({ outdir: path.join(folder, name) });
  build(new Stack(app, 'Stack', { env }));
  return app.synth().directory;
}

function rule(stack: Stack, listenerArn: string, values: string[]): void {
  const actions = [{ type: 'fixed-response', fixedResponseConfig: { statusCode: '200' } }];
  new CfnListenerRule(stack, 'Rule', { listenerArn, priority: 1, conditions: [{ field: 'host-header', hostHeaderConfig: { values } }], actions });
}

interface Answer {
  readonly ok: boolean;
  readonly certificates: readonly CheckedCertificate[];
  readonly madeByStack: readonly string[];
  readonly asked: readonly string[];
  /** What is wrong, by certificate. */
  readonly wrong: readonly string[];
}

/** Runs the command against certificates that ACM is said to have: ISSUED, for these names. */
async function run(subject: string, certified: Readonly<Record<string, string[]>>, options: Partial<CertOptions> = {}): Promise<Answer> {
  const asked: string[] = [];
  const describe = (arn: string): Promise<CertificateDetail | undefined> => {
    asked.push(arn);
    const names = certified[arn];
    return Promise.resolve(names && { Status: 'ISSUED', SubjectAlternativeNames: names, NotAfter: new Date('2027-01-01T00:00:00Z'), KeyAlgorithm: 'RSA_2048' });
  };
  const printed: string[] = [];
  const ok = await cert(subject, { ...OPTIONS, ...options }, NO_COLORS, (text) => printed.push(text), { describe, now: NOW });
  const result = JSON.parse(printed.join('')) as Omit<Answer, 'asked' | 'wrong'>;
  expect(result.ok).toBe(ok);
  const wrong = result.certificates.flatMap(({ arn, checks }) => checks.filter(({ verdict }) => verdict === 'wrong').map(({ check }) => `${arn} ${check}`));
  return { ...result, asked, wrong };
}

describe('cert, about one ARN', () => {
  test('compares it with what the options say', async () => {
    expect((await run(ARN, { [ARN]: ['core.acme.internal'] }, { name: ['core.acme.internal'], region: 'eu-central-1' })).wrong).toEqual([]);
    expect((await run(ARN, { [ARN]: ['core.acme.internal'] }, { name: ['www.acme.internal'], region: 'us-east-1' })).wrong).toEqual([`${ARN} names`, `${ARN} region`]);
  });

  test('compares a name as DNS spells it', async () => {
    expect((await run(ARN, { [ARN]: ['*.xn--bcher-kva.example'] }, { name: ['core.Bücher.example'] })).wrong).toEqual([]);
  });

  test('finds wrong what does not exist', async () => {
    const { wrong, certificates } = await run(ARN, {});
    expect(wrong).toEqual([`${ARN} issued`]);
    expect(certificates[0]?.checks[0]?.says).toContain('no such certificate in eu-central-1 of account 111122223333');
  });

  test('prints one line a check', async () => {
    const printed: string[] = [];
    const describe = (): Promise<CertificateDetail> => Promise.resolve({ Status: 'REVOKED' });
    await expect(cert(ARN, { ...OPTIONS, format: 'text' }, NO_COLORS, (text) => printed.push(text), { describe, now: NOW })).resolves.toBe(false);
    const [head, first, ...rest] = printed.join('').trimEnd().split('\n');
    expect(head).toBe(ARN);
    expect(first).toBe('✗ issued   It was revoked (no reason given): request another one.');
    expect(rest).toHaveLength(8);
  });

  test.each<[string, string, Partial<CertOptions>]>([
    ['an ARN of another service', 'arn:aws:iam::111122223333:server-certificate/core', {}],
    ['a name with a scheme', ARN, { name: ['https://core.acme.internal'] }],
    ['days that are no number', ARN, { days: 'soon' }],
    ['a load balancer without ARN', ARN, { inUseBy: 'core' }],
    ['parameters', ARN, { parameter: ['A=B'] }],
    ['a template that is not there', path.join('no', 'such.json'), {}],
  ])('does not take %s', async (_, subject, options) => {
    await expect(run(subject, {}, options)).rejects.toThrow(UsageError);
  });
});

describe('cert, about an assembly', () => {
  test('finds the certificate and the host of the example', async () => {
    const core = assembly('core', (stack) => {
      remoteCore(stack);
    });
    const good = await run(core, { [ARN]: ['*.acme.internal'] });
    expect(good.asked).toEqual([ARN]);
    expect(good.wrong).toEqual([]);
    expect(good.certificates[0]?.checks.find(({ check }) => check === 'names')?.says).toBe('It covers core.acme.internal.');
    expect((await run(core, { [ARN]: ['www.acme.internal'] })).wrong).toEqual([`${ARN} names`]);
  });

  test('compares the region with the stack, which the option overrides', async () => {
    const far = assembly('far', (stack) => {
      httpsListener(stack, { certificates: [{ certificateArn: ARN }] });
    }, { region: 'us-east-1', account: '111122223333' });
    expect((await run(far, { [ARN]: ['core.acme.internal'] })).wrong).toEqual([`${ARN} region`]);
    expect((await run(far, { [ARN]: ['core.acme.internal'] }, { region: 'eu-central-1' })).wrong).toEqual([]);
  });

  test('asks every host of one of the certificates, since a listener chooses by name', async () => {
    const several = assembly('several', (stack) => {
      const listener = httpsListener(stack, { certificates: [{ certificateArn: ARN }] });
      new CfnListenerCertificate(stack, 'More', { listenerArn: listener.ref, certificates: [{ certificateArn: OTHER }] });
      rule(stack, listener.ref, ['a.acme.com', 'b.acme.com']);
    });
    expect((await run(several, { [ARN]: ['a.acme.com'], [OTHER]: ['b.acme.com'] })).wrong).toEqual([]);
    expect((await run(several, { [ARN]: ['a.acme.com'], [OTHER]: ['a.acme.com'] })).wrong).toEqual([`${ARN} names`, `${OTHER} names`]);
  });

  test('does not ask about a certificate that the deployment makes', async () => {
    const made = assembly('made', (stack) => {
      httpsListener(stack, { certificates: [{ certificateArn: new CfnCertificate(stack, 'Certificate', { domainName: 'core.acme.com' }).ref }] });
    });
    expect(await run(made, {})).toMatchObject({ ok: true, asked: [], madeByStack: ['Stack/Certificate'] });
  });

  test('blames no certificate for a host that one yet to be made may cover', async () => {
    const mixed = assembly('mixed', (stack) => {
      const made = new CfnCertificate(stack, 'Certificate', { domainName: 'core.acme.com' });
      const listener = httpsListener(stack, { certificates: [{ certificateArn: made.ref }] });
      new CfnListenerCertificate(stack, 'More', { listenerArn: listener.ref, certificates: [{ certificateArn: ARN }] });
      rule(stack, listener.ref, ['core.acme.com', 'other.acme.com']);
    });
    expect(await run(mixed, { [ARN]: ['other.acme.com'] })).toMatchObject({ ok: true, asked: [ARN], madeByStack: ['Stack/Certificate'] });
  });

  test('wants to know a parameter, and uses it', async () => {
    const open = assembly('open', (stack) => {
      httpsListener(stack, { certificates: [{ certificateArn: new CfnParameter(stack, 'Arn').valueAsString }] });
    });
    await expect(run(open, {})).rejects.toThrow(/Stack\/Listener is not known before deployment: parameter Arn has no default\. Give --parameter/);
    expect((await run(open, { [ARN]: ['core.acme.com'] }, { parameter: [`Arn=${ARN}`] })).asked).toEqual([ARN]);
  });

  test('says so where no listener has a certificate', async () => {
    const none = assembly('none', (stack) => {
      httpsListener(stack, { certificates: [], protocol: 'HTTP' });
    });
    await expect(run(none, {})).rejects.toThrow('has no listener with a certificate');
  });
});
