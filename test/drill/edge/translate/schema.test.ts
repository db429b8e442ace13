import * as fs from 'node:fs';
import * as path from 'node:path';
import { SHAPES } from '../../../../src/drill/edge/translate/shapes';
import { LISTENER_ATTRIBUTES } from '../../../../src/drill/edge/translate/shapes/listener';
import { LOAD_BALANCER_ATTRIBUTES } from '../../../../src/drill/edge/translate/shapes/load-balancer';
import { TARGET_GROUP_ATTRIBUTES } from '../../../../src/drill/edge/translate/shapes/target-group';
import type { Shape } from '../../../../src/drill/edge/translate/treatment';

/** CloudFormation's schemas as cfn-lint brings them; `npm test` sets up the environment that they stand in. */
const SCHEMAS = path.join(__dirname, '../../../../.venv/lib');

interface Schema {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly definitions?: Readonly<Record<string, Schema>>;
  readonly readOnlyProperties?: readonly string[];
}

function schemaFolder(): string {
  const [python] = fs.readdirSync(SCHEMAS);
  return path.join(SCHEMAS, python ?? '', 'site-packages/cfnlint/data/schemas');
}

const FOLDER = schemaFolder();
const FILES = JSON.parse(fs.readFileSync(path.join(FOLDER, 'providers/us-east-1.json'), 'utf8')) as Readonly<Record<string, string>>;

function schemaOf(type: string): Schema {
  return JSON.parse(fs.readFileSync(path.join(FOLDER, 'resources', `${FILES[type] ?? ''}.json`), 'utf8')) as Schema;
}

/** What stands on one side only: `+` for properties that the shape lacks, `-` for those that the schema does not have. */
function differences(shape: Shape, schema: Schema, root: Schema, at: string, seen: ReadonlySet<Shape> = new Set()): string[] {
  if (seen.has(shape)) return [];
  const { properties = {} } = resolved(schema, root);
  const isRead = (name: string): boolean => schema === root && (root.readOnlyProperties ?? []).includes(`/properties/${name}`);
  const missing = Object.keys(properties).filter((name) => !isRead(name) && !Object.hasOwn(shape, name)).map((name) => `+ ${at}.${name}`);
  const below = Object.entries(shape).flatMap(([name, treatment]) => {
    const property = properties[name];
    if (property === undefined) return [`- ${at}.${name}`];
    if (treatment.kind !== 'map' && treatment.kind !== 'list') return [];
    const inner = treatment.kind === 'map' ? property : resolved(property, root).items ?? {};
    return differences(treatment.shape(), inner, root, `${at}.${name}`, new Set([...seen, shape]));
  });
  return [...missing, ...below];
}

function resolved(schema: Schema, root: Schema): Schema {
  const name = schema.$ref?.replace('#/definitions/', '');
  return name === undefined ? schema : resolved(root.definitions?.[name] ?? {}, root);
}

test.each(Object.entries(SHAPES))('every property that CloudFormation takes for %s is mapped, irrelevant, not emulated or refused', (type, shape) => {
  const schema = schemaOf(type);
  expect(differences(shape, schema, schema, type.replace(/.*::/, ''))).toEqual([]);
});

test('a property that the shapes lack, at any depth, is noticed', () => {
  const { Rules, ...rest } = SHAPES['AWS::WAFv2::WebACL'] ?? {};
  const schema = schemaOf('AWS::WAFv2::WebACL');
  expect(Rules?.kind).toBe('list');
  expect(differences(rest, schema, schema, 'WebACL')).toEqual(['+ WebACL.Rules']);
  expect(differences({ ...rest, Rules: { kind: 'list', shape: () => ({}) } }, schema, schema, 'WebACL')).toContain('+ WebACL.Rules.Statement');
});

test.each([
  ['LoadBalancerAttribute', LOAD_BALANCER_ATTRIBUTES],
  ['ListenerAttribute', LISTENER_ATTRIBUTES],
  ['TargetGroupAttribute', TARGET_GROUP_ATTRIBUTES],
])('every attribute that the API reference names for %s has a treatment, and no other', (type, shape) => {
  const client = path.join(path.dirname(require.resolve('@aws-sdk/client-elastic-load-balancing-v2/package.json')), 'dist-types/models/models_0.d.ts');
  const text = fs.readFileSync(client, 'utf8');
  const from = text.indexOf(`export interface ${type} {`);
  const described = [...text.slice(from, text.indexOf('\n}', from)).matchAll(/<p>\s*\*?\s*<code>([a-z0-9_.]+\.[a-z0-9_.]+)<\/code>\s*[-–]/g)].map((match) => match[1]);
  expect(described.length).toBeGreaterThan(20);
  expect(Object.keys(shape).sort()).toEqual([...new Set(described)].sort());
});
