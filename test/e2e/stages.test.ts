import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { synthesize } from '../support/examples';

const STAGES = ['dev', 'staging', 'production'];

/** As many as an example may have, so that there is room below the 500 that AWS CloudFormation takes. */
const MOST_RESOURCES = 450;

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

let folder: string;
const stages = new Map<string, Readonly<Record<string, Resource>>>();

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'stages-'));
  for (const environment of STAGES) {
    const outdir = path.join(folder, environment);
    synthesize('nodetool', outdir, { context: { environment } });
    const { Resources } = JSON.parse(fs.readFileSync(path.join(outdir, `NodeTool-${environment}.template.json`), 'utf8')) as { Resources: Record<string, Resource> };
    stages.set(environment, Resources);
  }
}, 120_000);
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

const resourcesOf = (stage: string): readonly Resource[] => Object.values(stages.get(stage) ?? {});

/** Every text of a template. */
function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** What is called by its name or its ARN: secrets, keys and roles, but those of the account by which AWS itself acts and the CDK deploys. */
const NAMED = {
  secrets: /:secret:([\w/+=.@-]+)/g,
  keys: /:(key\/[\w-]+|alias\/[\w/-]+)/g,
  roles: /:role\/(?!cdk-|aws-service-role\/)([\w+=,.@/-]+)/g,
};
const TYPES: Readonly<Record<keyof typeof NAMED, readonly [type: string, property: string]>> = {
  secrets: ['AWS::SecretsManager::Secret', 'Name'], keys: ['AWS::KMS::Alias', 'AliasName'], roles: ['AWS::IAM::Role', 'RoleName'],
};

function namesIn(stage: string, kind: keyof typeof NAMED): readonly string[] {
  const [type, property] = TYPES[kind];
  const made = resourcesOf(stage).flatMap(({ Type, Properties }) => (Type === type && typeof Properties?.[property] === 'string' ? Properties[property] : []));
  const told = resourcesOf(stage).flatMap((resource) => textsIn(resource)).flatMap((text) => [...text.matchAll(NAMED[kind])].map(([, name = '']) => name));
  return [...new Set([...made, ...told])];
}

describe.each(['secrets', 'keys', 'roles'] as const)('The %s of the stages', (kind) => {
  test('are named in each, and none in two', () => {
    const all = STAGES.flatMap((stage) => namesIn(stage, kind));
    expect(STAGES.filter((stage) => namesIn(stage, kind).length === 0)).toEqual([]);
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
  });
});

describe.each(STAGES)('%s', (stage) => {
  test('names its own secrets alone', () => {
    expect(namesIn(stage, 'secrets').filter((name) => !name.startsWith(`${stage}/`))).toEqual([]);
  });

  test('tells the program the same of security as production does', () => {
    const [task] = resourcesOf(stage).filter(({ Type }) => Type === 'AWS::ECS::TaskDefinition');
    const texts = JSON.stringify(task?.Properties);
    for (const [Name, Value] of [['ENV', 'production'], ['DEBUG', 'false'], ['LOG_LEVEL', 'INFO'], ['AUTH_PROVIDER', 'supabase']]) expect(texts).toContain(JSON.stringify({ Name, Value }));
  });

  test('has room for more resources', () => {
    expect(resourcesOf(stage).length).toBeLessThanOrEqual(MOST_RESOURCES);
  });
});
