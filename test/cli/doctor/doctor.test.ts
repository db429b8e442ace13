import { AccessDeniedException } from '@aws-sdk/client-cloudwatch-logs';
import { NO_COLORS } from '../../../src/cli/colors';
import { ANSWERS } from '../../../src/cli/doctor/answers';
import type { DoctorAws } from '../../../src/cli/doctor/aws';
import { doctor, type DoctorOptions } from '../../../src/cli/doctor/doctor';
import { CHECKLISTS } from '../../../src/profiles/checklists';
import { CORE, marked, NOW, RESOURCES, SENTINEL, service, STACK, wellAws, withContainer, withVariables } from './well-aws';

const answer = <T>(value: T) => (): Promise<T> => Promise.resolve(value);

/** As IAM refuses, in the words that it has. */
const denied = (right: string) => (): Promise<never> => Promise.reject(new AccessDeniedException({
  message: `User: arn:aws:iam::111122223333:user/operator is not authorized to perform: ${right} on resource: x`, $metadata: { httpStatusCode: 400 },
}));

interface Examined {
  readonly isWell: boolean;
  readonly text: string;
}

async function examine(changes: Partial<DoctorAws> = {}, options: Partial<DoctorOptions> = {}): Promise<Examined> {
  const said: string[] = [];
  const isWell = await doctor(STACK, { format: 'text', ...options }, { aws: wellAws(changes), now: () => NOW, paint: NO_COLORS, print: (text) => said.push(text) });
  expect(said.join('')).not.toContain(SENTINEL);
  return { isWell, text: said.join('') };
}

const ALL_TEXT = `Core/Service/Core, by the checklist of cortex
[x] CX-42 Nobody gets in by development bypass
[x] CX-43 The internal key is strong
[x] CX-44 CORS names each origin
[?] CX-45 The first admin password is gone (yours to do)
[x] CX-46 A proxy in front speaks TLS
[x] CX-47 Rates and streams have limits
[x] CX-48 Firewalls admit only what must
[x] CX-49 Audit records are written
[x] CX-50 Backups are made by themselves

[x] tasks.settled`;

describe('the checklist of the document', () => {
  test('comes first, and then what was looked at around it', async () => {
    const { isWell, text } = await examine();
    expect(text.slice(0, ALL_TEXT.length)).toBe(ALL_TEXT);
    expect(text).toMatch(/\n\[x\] buckets\.versions +Buckets keep older versions\n/);
    expect(text).toMatch(/[^\n]\n\nNothing is wrong\.\n$/);
    expect(isWell).toBe(true);
  });

  test.each([
    ['a value that is refused', { GATEWAY_DEV_ALLOW_ALL_KEYS: 'true' }, '[ ] CX-42', 'GATEWAY_DEV_ALLOW_ALL_KEYS has to be "false"'],
    ['a variable that is not there', { RATE_LIMIT_RPS: undefined }, '[ ] CX-47', 'RATE_LIMIT_RPS is not there'],
    ['a placeholder', { CORS_ALLOW_ORIGINS: 'https://your-domain.com' }, '[ ] CX-44', 'CORS_ALLOW_ORIGINS holds what the document writes'],
    ['a secret in plain', { INTERNAL_VLLM_API_KEY: 'ab'.repeat(32) }, '[ ] CX-43', 'INTERNAL_VLLM_API_KEY stands where everybody reads it'],
  ])('is broken by %s', async (_case, changes, box, says) => {
    const { isWell, text } = await examine(withVariables(changes));
    expect(isWell).toBe(false);
    expect(text).toContain(box);
    expect(text).toContain(says);
  });

  test('is broken by what stands around the container, and says where to look', async () => {
    const { isWell, text } = await examine({ subscriptionsOf: answer([]) });
    expect(isWell).toBe(false);
    expect(text).toContain('[ ] CX-49 Audit records are written\n      see logs.delivered, below\n');
    expect(text).toMatch(/\[ \] logs\.delivered .*\n {6}wrong Core\/Hot is delivered nowhere\n {6}fix Deploy again/);
  });

  test('says what it has no answer to, and why', async () => {
    const { text } = await examine({ ...withContainer('Core', { environment: new Map() }), maskingOf: denied('logs:GetDataProtectionPolicy') }, { profile: 'tgefd' });
    expect(text).toContain('[?] TG-61 Whoever reads secrets is recorded (not looked at here: see the template)');
    expect(text).toContain('[?] TG-59 Audit retention is set in writing (yours to do)');
    expect(text).toContain('[?] TG-72 Services may ask for certificates (nothing of the kind is deployed)');
    expect(text).toContain('[?] TG-65 Records are masked, and kept long\n      see logs.masked, below');
    expect(text).toContain('[x] TG-09 No shared secret signs tokens');
    expect(text).toContain('[?] TG-28 Certificates are told by one header (left out, as it may be)');
  });

  test('is none where the document has none, and what stands around is examined all the same', async () => {
    const { isWell, text } = await examine({}, { profile: 'remote-core' });
    expect(isWell).toBe(true);
    expect(text).toMatch(/^Core\/Service\/Core, by the checklist of remote-core\n\n\[x\] tasks\.settled/);
  });

  test('has an answer to each item that it leaves to the template, or none that anybody could give here', () => {
    const rows = Object.values(CHECKLISTS).flat().filter(({ variables, elsewhere }) => variables.length === 0 && elsewhere === 'template').map(({ row }) => row);
    // A scan of an image, reads of a secret, roles and names that are let through: nothing of the SDK's that is asked here tells.
    expect(rows.filter((row) => !ANSWERS.has(row))).toEqual(['TG-60', 'TG-61', 'TG-73', 'NT-63']);
    expect([...ANSWERS.keys()].filter((row) => !rows.includes(row))).toEqual([]);
  });
});

describe('whose variables they are', () => {
  test('the template says, and of it nothing but that is believed', async () => {
    const template = marked({ name: 'cortex', container: 'Core', choices: [] }).replace('"Metadata"', '"Properties":{"ContainerDefinitions":[{"Name":"Core","Environment":[]}]},"Metadata"');
    expect((await examine({ templateOf: answer(template) })).isWell).toBe(true);
  });

  test('is read from YAML as well', async () => {
    const template = 'Resources:\n  Task:\n    Type: AWS::ECS::TaskDefinition\n    Metadata:\n      cdk-secure-core:profile:\n        name: cortex\n        container: Core\n';
    expect((await examine({ templateOf: answer(template) })).text).toContain('by the checklist of cortex');
  });

  test('is not asked where nobody says it: a stack without a profile is examined but for them', async () => {
    const { isWell, text } = await examine({ templateOf: answer('{"Resources":{}}'), ...withVariables({ GATEWAY_DEV_ALLOW_ALL_KEYS: 'true' }) });
    expect([isWell, text.startsWith('[x] tasks.settled')]).toEqual([true, true]);
  });

  test('may be named, and then the container is judged that stands behind the gate', async () => {
    const { isWell, text } = await examine({ templateOf: answer('not even a template') }, { profile: 'tom' });
    expect(isWell).toBe(false);
    expect(text).toMatch(/^Core\/Service\/Core, by the checklist of tom\n\[ \] TS-38 /);
  });

  test('is unknown where the template cannot be asked for, and no matter where it was named', async () => {
    const { isWell, text } = await examine({ templateOf: denied('cloudformation:GetTemplate') });
    expect([isWell, text]).toEqual([true, expect.stringContaining('unknown Core: The credentials may not ask: they need cloudformation:GetTemplate.')]);
    expect((await examine({ templateOf: denied('cloudformation:GetTemplate') }, { strict: true })).isWell).toBe(false);
    expect((await examine({ templateOf: denied('cloudformation:GetTemplate') }, { profile: 'cortex', strict: true })).isWell).toBe(true);
  });

  test('is wrong where the container is not there that it is about', async () => {
    const { isWell, text } = await examine({ templateOf: answer(marked({ name: 'cortex', container: 'Web' })) });
    expect([isWell, text]).toEqual([false, expect.stringContaining('wrong Core/Service has no container that the profile could be about')]);
  });

  test('choices of the template excuse what they stand for', async () => {
    const tom = { TOM_CORE_AUTH_MODE: 'api_key', TOM_CORE_WORKER_AUTH_REQUIRED: 'true', TOM_CORE_CREDENTIAL_CHECKOUT_ENABLED: 'true' };
    const secrets = new Map([['TOM_CORE_API_KEYS', 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:Keys-AbCdEf']]);
    const changes = withContainer('Core', { environment: new Map(Object.entries(tom)), secrets });
    const own = async (choices: readonly string[]): Promise<boolean> => (await examine({ ...changes, templateOf: answer(marked({ name: 'tom', container: 'Core', choices })) })).isWell;
    expect([await own(['checkout']), await own(['per-worker-keys'])]).toEqual([false, true]);
  });

  test('in a nested stack, the template of that one says', async () => {
    const nested = RESOURCES.map((one) => ({ ...one, path: one.path.replace('Core/', 'Core/Inner/') }));
    const { text } = await examine({
      resourcesOf: answer([{ type: 'AWS::CloudFormation::Stack', path: 'Core/Inner', physicalId: 'arn:inner' }, ...nested]),
      templateOf: (stack) => Promise.resolve(stack === 'arn:inner' ? marked({ name: 'cortex', container: 'Core' }) : '{"Resources":{}}'),
    });
    expect(text).toMatch(/^Core\/Inner\/Service\/Core, by the checklist of cortex\n/);
  });

  test('a secret that an emulator has lost is unknown, and any other that lacks is wrong', async () => {
    const bare = { ...CORE, secrets: new Map<string, string>() };
    const lost = service({ containers: service().containers.map((one) => ({ ...one, secrets: new Map<string, string>() })) });
    expect((await examine({ serviceOf: answer(lost) })).text).toContain('[?] CX-43 The internal key is strong\n      CFG-4 INTERNAL_VLLM_API_KEY is not there (or was lost by an emulator)');
    expect((await examine(withContainer('Core', bare))).text).toContain('[ ] CX-43 The internal key is strong\n      CFG-4 INTERNAL_VLLM_API_KEY is not there\n');
  });
});

describe('what cannot be asked', () => {
  test('is unknown with the right that it takes, and wrong to --strict', async () => {
    const changes = { versioningOf: denied('s3:GetBucketVersioning') };
    const { isWell, text } = await examine(changes);
    expect(isWell).toBe(true);
    expect(text).toMatch(/\[\?\] buckets\.versions .*\n {6}unknown Core\/Archive: The credentials may not ask: they need s3:GetBucketVersioning\.\n/);
    expect(text).toContain('Nothing is wrong; 1 unknown, which --strict takes for wrong.');
    expect((await examine(changes, { strict: true })).isWell).toBe(false);
  });

  test('is an end where AWS does not answer at all', async () => {
    const broken = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    await expect(examine({ groupOf: () => Promise.reject(broken) })).rejects.toBe(broken);
  });

  test('is an end where there is no such stack', async () => {
    await expect(examine({ resourcesOf: answer(undefined) })).rejects.toThrow('There is no stack Core in this account and region.');
  });

  test('of a service is unknown in all that is asked of tasks', async () => {
    const { text } = await examine({ serviceOf: denied('ecs:DescribeServices') });
    expect(text.match(/unknown Core\/Service: The credentials may not ask: they need ecs:DescribeServices\./g)).toHaveLength(12);
  });
});

test('as data, it names what is wrong, with what to do, and no value', async () => {
  const { text } = await examine({ ...withVariables({ GATEWAY_DEV_ALLOW_ALL_KEYS: 'true' }), encryptionOf: answer(['AES256']) }, { format: 'json' });
  expect(JSON.parse(text)).toMatchObject({
    stack: STACK,
    ok: false,
    containers: [{
      path: 'Core/Service/Core', profile: 'cortex',
      variables: [{ names: ['GATEWAY_DEV_ALLOW_ALL_KEYS'], verdict: 'wrong', says: 'has to be "false"' }],
      checklist: expect.arrayContaining([
        { row: 'CX-42', title: 'Nobody gets in by development bypass', verdict: 'wrong', items: [], variables: ['GATEWAY_DEV_ALLOW_ALL_KEYS'] },
        { row: 'CX-45', title: 'The first admin password is gone', verdict: 'yours' },
      ]) as unknown,
    }],
    items: expect.arrayContaining([{ item: 'buckets.encryption', path: 'Core/Archive', verdict: 'wrong', says: 'has no key of its own', fix: expect.any(String) as string }]) as unknown,
  });
});
