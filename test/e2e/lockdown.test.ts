import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { type AttributeValue, DynamoDBClient, GetItemCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { CreateSubnetCommand, CreateVpcCommand } from '@aws-sdk/client-ec2';
import {
  type ActionTypeEnum, AddTagsCommand, CreateListenerCommand, CreateLoadBalancerCommand, CreateRuleCommand, CreateTargetGroupCommand, ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AssociateWebACLCommand, CreateWebACLCommand, GetIPSetCommand, ListIPSetsCommand, ListTagsForResourceCommand, WAFNonexistentItemException } from '@aws-sdk/client-wafv2';
import { App, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import type { JsonMap } from '../../src/checks/template/template';
import { type AwsClients, awsClients } from '../../src/drill/emulator/aws-clients';
import { putObject } from '../../src/drill/emulator/bucket';
import type { Emulator } from '../../src/drill/emulator/emulator';
import { startMinistack } from '../../src/drill/emulator/ministack';
import { quietly } from '../../src/drill/emulator/quietly';
import { EmulatedStack, type StackState } from '../../src/drill/emulator/stack';
import { zipFolder } from '../../src/drill/emulator/zip';
import { Supervisor } from '../../src/drill/processes/supervisor';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import { REVOCATIONS_PARTITION } from '../../src/gate/contract';
import { GateTable } from '../../src/gate/gate-table';
import { LockdownSwitch } from '../../src/lockdown/lockdown-switch';
import { bundleRuntime } from '../../tools/bundle-runtime';

const ROOT = path.resolve(__dirname, '../..');
const ENVIRONMENT = { account: '111122223333', region: 'eu-central-1' };
const REGIONAL = { Scope: 'REGIONAL' } as const;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err?: string;
}

let folder: string;
let supervisor: Supervisor;
let emulator: Emulator;
let aws: AwsClients;
let stack: EmulatedStack;
let listenerArn: string;
let targetGroupArn: string;
let dynamo: DynamoDBClient;
let tableName: string;

/** The switch alone: the network around it is tried elsewhere. */
async function deploy(team: string): Promise<StackState> {
  const app = new App({ outdir: path.join(folder, `cdk-${team}`) });
  const edge = new Stack(app, 'Edge', { env: ENVIRONMENT });
  new LockdownSwitch(edge, 'LockdownSwitch', { removalPolicy: RemovalPolicy.DESTROY });
  new GateTable(edge, 'GateTable', { removalPolicy: RemovalPolicy.DESTROY });
  Tags.of(edge).add('team', team);
  // The parameter and the rule about the CDK's bootstrap stack are left out: there is none.
  const { Resources } = app.synth().getStackByName('Edge').template as { readonly Resources: JsonMap };
  const functions = Object.values(Resources as unknown as Record<string, { readonly Type: string; readonly Properties: { readonly Code: { readonly S3Bucket: string; readonly S3Key: string } } }>);
  for (const { Type, Properties } of functions) {
    if (Type === 'AWS::Lambda::Function') await putObject(aws.s3, Properties.Code.S3Bucket, Properties.Code.S3Key, await zipFolder(path.join(ROOT, 'assets/runtime/lockdown')));
  }
  const state = await stack.put({ Resources }, new Map());
  tableName = [...state.physicalIds].find(([logicalId]) => logicalId.startsWith('GateTable'))?.[1] ?? '';
  return state;
}

/** The item by which gates are locked, without its key. */
async function flag(): Promise<Record<string, AttributeValue> | undefined> {
  const { Item } = await dynamo.send(new GetItemCommand({ TableName: tableName, ConsistentRead: true, Key: { pk: { S: REVOCATIONS_PARTITION }, sk: { S: 'lockdown' } } }));
  if (Item === undefined) return undefined;
  const { pk, sk, ...said } = Item;
  expect([pk, sk]).toEqual([{ S: 'revocations' }, { S: 'lockdown' }]);
  return said;
}

async function sets(): Promise<Record<string, readonly string[]>> {
  const { IPSets = [] } = await aws.waf.send(new ListIPSetsCommand(REGIONAL));
  const contents = await Promise.all(IPSets.map(async ({ Name = '', Id }) => {
    try {
      const { IPSet } = await aws.waf.send(new GetIPSetCommand({ ...REGIONAL, Name, Id }));
      return [[IPSet?.IPAddressVersion ?? '', IPSet?.Addresses ?? []] as const];
    } catch (error) {
      // Removed since it was listed.
      if (error instanceof WAFNonexistentItemException) return [];
      throw error;
    }
  }));
  return Object.fromEntries(contents.flat());
}

async function teamTags(): Promise<(string | undefined)[]> {
  const { IPSets = [] } = await aws.waf.send(new ListIPSetsCommand(REGIONAL));
  return Promise.all(IPSets.map(async ({ ARN }) => {
    const { TagInfoForResource } = await aws.waf.send(new ListTagsForResourceCommand({ ResourceARN: ARN }));
    return TagInfoForResource?.TagList?.find(({ Key }) => Key === 'team')?.Value;
  }));
}

async function protect(): Promise<void> {
  const { Vpc } = await aws.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const { Subnet } = await aws.ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: '10.0.0.0/24' }));
  const { LoadBalancers: [balancer] = [] } = await aws.elb.send(new CreateLoadBalancerCommand({ Name: 'edge', Subnets: [Subnet?.SubnetId ?? ''], Scheme: 'internal' }));
  const { TargetGroups: [group] = [] } = await aws.elb.send(new CreateTargetGroupCommand({ Name: 'core', Port: 8000, Protocol: 'HTTP', VpcId: Vpc?.VpcId, TargetType: 'ip' }));
  targetGroupArn = group?.TargetGroupArn ?? '';
  const { Listeners: [listener] = [] } = await aws.elb.send(new CreateListenerCommand({
    LoadBalancerArn: balancer?.LoadBalancerArn, Port: 443, Protocol: 'HTTPS', Certificates: [{ CertificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/x' }],
    DefaultActions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
  }));
  listenerArn = listener?.ListenerArn ?? '';
  const { IPSets = [] } = await aws.waf.send(new ListIPSetsCommand(REGIONAL));
  const visible = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: true, MetricName: 'm' };
  const { Summary } = await aws.waf.send(new CreateWebACLCommand({
    ...REGIONAL, Name: 'Acl', DefaultAction: { Allow: {} }, VisibilityConfig: visible,
    Rules: [{ Name: 'Lockdown', Priority: 0, Action: { Block: {} }, VisibilityConfig: visible,
      Statement: { OrStatement: { Statements: IPSets.map(({ ARN }) => ({ IPSetReferenceStatement: { ARN } })) } } }],
  }));
  await aws.waf.send(new AssociateWebACLCommand({ WebACLArn: Summary?.ARN, ResourceArn: balancer?.LoadBalancerArn }));
}

/** The command as it is published, with nobody at the terminal. */
function lockdown(...args: readonly string[]): Promise<Ran> {
  return command('lockdown', ...args);
}

function command(...args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: emulator.endpoint, AWS_REGION: ENVIRONMENT.region, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', CI: 'true' };
  return new Promise((resolve) => {
    execFile(process.execPath, [path.join(folder, 'cli.js'), ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr, err: stderr });
    });
  });
}

/** The command with a terminal, at which somebody types. */
function atTerminal(typed: string, ...args: readonly string[]): Promise<Ran> {
  const env = { PATH: process.env.PATH, AWS_ENDPOINT_URL: emulator.endpoint, AWS_REGION: ENVIRONMENT.region, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  return new Promise((resolve) => {
    execFile('python3', ['-c', TERMINAL, typed, process.execPath, path.join(folder, 'cli.js'), 'lockdown', ...args], { env, timeout: 30_000 }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr });
    });
  });
}

/** Types once it is asked, and hands on what is shown and how the command ends. */
const TERMINAL = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0: os.execv(sys.argv[2], sys.argv[2:])
typed = False
while True:
    try: shown = os.read(terminal, 4096)
    except OSError: break
    if not shown: break
    sys.stdout.buffer.write(shown)
    if not typed and b'go on' in shown:
        os.write(terminal, sys.argv[1].encode())
        typed = True
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

const LOCKED = { IPV4: ['0.0.0.0/1', '128.0.0.0/1'], IPV6: ['::/1', '8000::/1'] };
const OPEN = { IPV4: [], IPV6: [] };

beforeAll(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lockdown-test-'));
  bundleRuntime();
  buildSync({ entryPoints: [path.join(ROOT, 'src/cli/main.ts')], bundle: true, platform: 'node', target: 'node20', outfile: path.join(folder, 'cli.js'), logLevel: 'error' });
  const [opened, { ministack }] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
  supervisor = opened;
  emulator = await startMinistack({ supervisor, ministack, ...ENVIRONMENT });
  aws = awsClients(emulator);
  dynamo = quietly(() => new DynamoDBClient({ endpoint: emulator.endpoint, region: ENVIRONMENT.region, credentials: { accessKeyId: 'test', secretAccessKey: 'test' } }));
  stack = new EmulatedStack('Edge', aws.cloudFormation, aws.s3);
}, 180_000);
afterAll(async () => {
  dynamo.destroy();
  await supervisor.stop();
  fs.rmSync(folder, { recursive: true, force: true });
});

/** One story: each test goes on where the one before it ended. */
describe('a lock-down of a deployed stack', () => {
  test('begins with two empty sets that CloudFormation holds by name alone', async () => {
    const { physicalIds } = await deploy('a');
    expect(await sets()).toEqual(OPEN);
    expect(await teamTags()).toEqual(['a', 'a']);
    expect([...physicalIds.values()]).toContainEqual(expect.stringMatching(/^Edge-LockdownSwitch-\w+$/));
    await protect();
    expect(await lockdown('Edge', '--status')).toMatchObject({ code: 0, out: expect.stringMatching(/open – IPv4 open, IPv6 open\nGate table \S+: open\n/) as string });
    expect(await flag()).toBeUndefined();
  }, 60_000);

  test('changes nothing where nobody confirms', async () => {
    expect(await lockdown('Edge', '--on')).toMatchObject({ code: 2, out: expect.stringContaining('add --yes') as string });
    expect(await sets()).toEqual(OPEN);
    expect(await flag()).toBeUndefined();
  });

  test.each([
    ['Ctrl-C', '\u0003', 'Not confirmed. Nothing was changed.'],
    ['another name', 'edge\r', 'That is not the name of the stack.'],
  ])('changes nothing where somebody at a terminal answers with %s', async (_, typed, said) => {
    expect(await atTerminal(typed, 'Edge', '--on')).toEqual({ code: 2, out: expect.stringContaining(said) as string });
    expect(await sets()).toEqual(OPEN);
  });

  test('flips once somebody at a terminal types the name', async () => {
    expect(await atTerminal('Edge\r', 'Edge', '--on')).toMatchObject({ code: 0 });
    expect(await sets()).toEqual(LOCKED);
  });

  let first: Record<string, AttributeValue> | undefined;
  test('raises the flag of the gate\'s table, for good, with who did it and when', async () => {
    first = await flag();
    expect(first).toEqual({ since: { S: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string }, who: { S: expect.stringContaining('arn:aws:') as string } });
  });

  test('is no key in a list of keys', async () => {
    const { code, out } = await command('keys', 'list', 'Edge', '--json');
    expect([code, JSON.parse(out)]).toEqual([0, []]);
  });

  test('locks IPv4 and IPv6, and says nothing beside what it was asked', async () => {
    const { code, out, err } = await lockdown('Edge', '--on', '--yes', '--reason', 'a key leaked');
    expect([code, out, err]).toEqual([0, expect.stringContaining('"why":"a key leaked"'), '']);
    expect(out).toContain(`Gate table ${tableName}: locked\nEvery gate refuses within 5 seconds, and cuts streams that are open.\n`);
    expect(await sets()).toEqual(LOCKED);
  });

  test('leaves a flag that is there as it is', async () => {
    expect(await flag()).toEqual(first);
    expect(await lockdown('Edge', '--status')).toMatchObject({ code: 0, out: expect.stringContaining(`Gate table ${tableName}: locked since ${first?.since?.S ?? ''} by arn:aws:`) as string });
  });

  test('is written down in the log group that the sets name', async () => {
    const { IPSets = [] } = await aws.waf.send(new ListIPSetsCommand(REGIONAL));
    const { TagInfoForResource } = await aws.waf.send(new ListTagsForResourceCommand({ ResourceARN: IPSets[0]?.ARN }));
    const logGroupName = TagInfoForResource?.TagList?.find(({ Key }) => Key === 'cdk-secure-core:lockdown-records')?.Value;
    const { events = [] } = await aws.logs.send(new FilterLogEventsCommand({ logGroupName }));
    const records = events.filter(({ message }) => message?.includes('"event":"lockdown"')).map(({ message }) => JSON.parse(message ?? '') as object);
    expect(records).toMatchObject([{ action: 'on', phase: 'done', why: null }, {
      action: 'on', phase: 'done', why: 'a key leaked', stack: 'Edge', who: expect.stringContaining('arn:aws:') as string, after: { IPV6: { state: 'locked' } },
      tables: [{ table: tableName, before: { state: 'locked' }, after: { state: 'locked' }, failure: null }],
    }]);
  });

  test('outlives a deployment that changes the tags of the sets', async () => {
    await deploy('b');
    expect(await teamTags()).toEqual(['b', 'b']);
    expect(await sets()).toEqual(LOCKED);
    expect(await flag()).toEqual(first);
  }, 60_000);

  test('does not end while a listener forwards without an authorizer', async () => {
    const { code, out } = await lockdown('Edge', '--off', '--yes');
    expect([code, out]).toEqual([1, expect.stringContaining('the default action of listener HTTPS 443 forwards without asking who calls')]);
    expect(await sets()).toEqual(LOCKED);
    expect(await flag()).toEqual(first);
  });

  test('ends once an authorizer is in force', async () => {
    const jwt = { Type: 'jwt-validation' as ActionTypeEnum, Order: 1, JwtValidationConfig: { Issuer: 'https://login.acme.com/', JwksEndpoint: 'https://login.acme.com/jwks' } };
    await aws.elb.send(new ModifyListenerCommand({ ListenerArn: listenerArn, DefaultActions: [jwt, { Type: 'forward', Order: 2, TargetGroupArn: targetGroupArn }] }));
    expect(await lockdown('Edge', '--off', '--yes')).toMatchObject({ code: 0, out: expect.stringContaining(`Gate table ${tableName}: open\n`) as string });
    expect(await sets()).toEqual(OPEN);
    expect(await flag()).toBeUndefined();
  });

  test('ends where a rule forwards to a gate alone, and not before the target group says that there is one', async () => {
    expect(await lockdown('Edge', '--on', '--yes')).toMatchObject({ code: 0 });
    await aws.elb.send(new CreateRuleCommand({
      ListenerArn: listenerArn, Priority: 7, Conditions: [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/v1/evaluate'] } }], Actions: [{ Type: 'forward', TargetGroupArn: targetGroupArn }],
    }));
    const tag = (Value: string): Promise<unknown> => aws.elb.send(new AddTagsCommand({ ResourceArns: [targetGroupArn], Tags: [{ Key: 'cdk-secure-core:gate', Value }] }));
    const refusal = { code: 1, out: expect.stringContaining('rule 7 of listener HTTPS 443 forwards without asking who calls') as string };
    expect(await lockdown('Edge', '--off', '--yes')).toMatchObject(refusal);
    await tag('preflight health');
    expect(await lockdown('Edge', '--off', '--yes')).toMatchObject(refusal);
    expect(await sets()).toEqual(LOCKED);
    await tag('callers preflight');
    expect(await lockdown('Edge', '--off', '--yes')).toMatchObject({ code: 0 });
    expect(await sets()).toEqual(OPEN);
    expect(await flag()).toBeUndefined();
  });

  test('leaves nothing behind once the stack is deleted', async () => {
    await aws.cloudFormation.send(new DeleteStackCommand({ StackName: 'Edge' }));
    const deadline = Date.now() + 30_000;
    const isTableGone = (): Promise<boolean> => flag().then(() => false, (error: unknown) => error instanceof ResourceNotFoundException);
    while ((Object.keys(await sets()).length > 0 || !await isTableGone()) && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await sets()).toEqual({});
    expect(await isTableGone()).toBe(true);
    expect(await lockdown('Edge', '--status')).toMatchObject({ code: 2 });
  }, 60_000);

  test('goes where it is told to, and says in one sentence where nobody answers', async () => {
    const nowhere = await lockdown('Edge', '--status', '--region', 'eu-west-1', '--endpoint-url', 'http://127.0.0.1:9');
    expect(nowhere).toMatchObject({ code: 2, out: expect.stringMatching(/^AWS could not be asked\. AWS cannot be reached: [^\n]*\n$/) as string });
  });

  test('locks a stack that has a gate and no switch by the flag alone, and leaves it locked where no load balancer can be seen', async () => {
    const alone = new Stack(new App({ outdir: path.join(folder, 'cdk-alone') }), 'Alone', { env: ENVIRONMENT });
    new GateTable(alone, 'GateTable', { removalPolicy: RemovalPolicy.DESTROY });
    const { Resources } = (alone.node.root as App).synth().getStackByName('Alone').template as { readonly Resources: JsonMap };
    const { physicalIds } = await new EmulatedStack('Alone', aws.cloudFormation, aws.s3).put({ Resources }, new Map());
    tableName = [...physicalIds.values()][0] ?? '';
    expect(await lockdown('Alone', '--on', '--yes', '--reason', 'drill')).toMatchObject({ code: 0, out: expect.stringContaining('in no log group') as string });
    expect(await flag()).toMatchObject({ why: { S: 'drill' }, who: { S: expect.stringContaining('arn:aws:') as string } });
    expect(await lockdown('Alone', '--off', '--yes')).toMatchObject({ code: 1, out: expect.stringContaining('is in front of no load balancer, so no authorizer can be seen') as string });
    expect(await flag()).toBeDefined();
  }, 60_000);

  test('cannot be asked of a stack that has no switch', async () => {
    await new EmulatedStack('Other', aws.cloudFormation, aws.s3).put({ Resources: { Handle: { Type: 'AWS::CloudFormation::WaitConditionHandle' } } }, new Map());
    expect(await lockdown('Other', '--on', '--yes')).toMatchObject({ code: 2, out: expect.stringContaining('has no lock-down switch') as string });
  });
});
