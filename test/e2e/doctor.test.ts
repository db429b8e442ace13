import { EmulatedStack } from '../../src/drill/emulator/stack';
import { PROFILE_METADATA } from '../../src/profiles/contract';
import { ExaminedStack, SENTINEL, STACK } from '../support/examined-stack';
import { SOWN_FAULTS } from '../support/sown-faults';

/** What no engine of ours knows: whether tasks answer, what is masked, and whether a backup was made meanwhile. */
const UNKNOWN = ['backups.made', 'logs.masked', 'targets.healthy'];

let stack: ExaminedStack;

beforeAll(async () => {
  stack = await ExaminedStack.open();
}, 180_000);
afterAll(() => stack.close());

test('what the drill deploys is well, as far as an emulator can tell, and its checklist holds', async () => {
  const { isWell, text } = await stack.examine();
  expect(text.match(/^\s+wrong .*$/gm) ?? []).toEqual([]);
  expect(isWell).toBe(true);
  expect([...text.matchAll(/^\[\?\] (\w+\.\S+)/gm)].map(([, item]) => item).sort()).toEqual(UNKNOWN);
  expect(text).toMatch(new RegExp(`^${STACK}/\\w+/Core, by the checklist of cortex\\n\\[x\\] CX-42 `));
  expect(text.match(/^\[x\] CX-\d+/gm)).toHaveLength(7);
  expect(text).toContain('[?] CX-45 The first admin password is gone (yours to do)');
  expect(text).not.toContain(SENTINEL);
  expect((await stack.examine({ strict: true })).isWell).toBe(false);
});

test.each(Object.entries(SOWN_FAULTS))('%s is found, and is well again once it is mended', async (_name, { item, place, sow }) => {
  const mend = await sow(stack);
  const ill = await stack.examine();
  expect(ill.isWell).toBe(false);
  expect(ill.text).toMatch(new RegExp(`^\\[ \\] ${item.replace('.', '\\.')}`, 'm'));
  expect(ill.text).toMatch(place);
  expect(ill.text).not.toContain(SENTINEL);
  await mend();
  expect((await stack.examine()).isWell).toBe(true);
});

/** No construct of ours: a task definition whose metadata names a profile, and one variable that its document forbids. */
const HAND = {
  Resources: {
    Cluster: { Type: 'AWS::ECS::Cluster', Properties: {} },
    Task: {
      Type: 'AWS::ECS::TaskDefinition',
      Metadata: { [PROFILE_METADATA]: { name: 'cortex', environment: 'production', container: 'Web', choices: [] } },
      Properties: {
        Family: 'web',
        ContainerDefinitions: [{
          Name: 'Web', Image: 'web:latest', Essential: true,
          Environment: Object.entries({
            GATEWAY_DEV_ALLOW_ALL_KEYS: 'false', CORS_ALLOW_ORIGINS: '*', RATE_LIMIT_ENABLED: 'true', RATE_LIMIT_RPS: '10', RATE_LIMIT_BURST: '20', RATE_LIMIT_WINDOW_SEC: '60',
            CONCURRENCY_LIMIT_ENABLED: 'true', MAX_CONCURRENT_STREAMS_PER_ID: '5',
          }).map(([Name, Value]) => ({ Name, Value })),
        }],
      },
    },
    Service: { Type: 'AWS::ECS::Service', Properties: { Cluster: { Ref: 'Cluster' }, TaskDefinition: { Ref: 'Task' }, DesiredCount: 1 } },
  },
};

test('a profile by hand with one wrong variable is found, and a secret that the emulator loses is unknown', async () => {
  await new EmulatedStack('Hand', stack.deployment.aws.cloudFormation, stack.deployment.aws.s3).put(HAND, new Map());
  const { code, out } = await stack.command('Hand', '--format', 'json');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({ containers: [{
    path: 'Hand/Service/Web', profile: 'cortex',
    variables: [{ names: ['CORS_ALLOW_ORIGINS'], verdict: 'wrong' }, { names: ['INTERNAL_VLLM_API_KEY'], verdict: 'unknown' }],
  }] });
}, 120_000);

test('the command ends with 0, 1 or 2, as it says', async () => {
  const well = await stack.command(STACK, '--profile', 'cortex', '--format', 'json');
  expect([well.code, well.err]).toEqual([0, '']);
  expect(JSON.parse(well.out)).toMatchObject({ stack: STACK, ok: true, containers: [{ profile: 'cortex', variables: [] }] });
  const other = await stack.command(STACK, '--profile', 'tom');
  expect([other.code, other.out]).toEqual([1, expect.stringContaining('[ ] TS-42 Workers sign what they ask for')]);
  const none = await stack.command('Nowhere');
  expect([none.code, none.err]).toEqual([2, expect.stringContaining('There is no stack Nowhere')]);
}, 120_000);
