import { CfnElement, CfnResource, DefaultTokenResolver, type IFragmentConcatenator, type IResolvable, type IResolveContext, Reference, Stack, Stage, Tokenization } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

type Json = Record<string, unknown>;

/** A statement that lets a role do something, with every reference kept as a token that any template may hold or refuse. */
export interface Granted {
  readonly actions: readonly string[];
  readonly resources: readonly unknown[];
  readonly conditions: Json;
  /** Where it is written. */
  readonly stack: Stack;
}

/** What roles may do, as far as the app says it. */
export interface Permissions {
  readonly granted: readonly Granted[];
  /** What cannot be read, each in words that end a sentence on a role. */
  readonly unreadable: readonly string[];
}

const INLINE_TYPES: ReadonlySet<string> = new Set(['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy']);

/** Like CloudFormation's own join, flattened, so that what is known around a token stays readable. */
const JOIN: IFragmentConcatenator = {
  join: (left: unknown, right: unknown): unknown => {
    if (left === undefined) return right;
    if (right === undefined) return left;
    if (typeof left === 'string' && typeof right === 'string') return left + right;
    return { 'Fn::Join': ['', [...parts(left), ...parts(right)]] };
  },
};

function parts(value: unknown): unknown[] {
  const joined = isJson(value) ? value['Fn::Join'] : undefined;
  return Array.isArray(joined) && joined[0] === '' && Array.isArray(joined[1]) ? joined[1] as unknown[] : [value];
}

/** Resolves everything but references, which only the template that uses them can write out. */
class ReferenceKeeper extends DefaultTokenResolver {
  public constructor() {
    super(JOIN);
  }

  public override resolveToken(token: IResolvable, context: IResolveContext, postProcessor: Parameters<DefaultTokenResolver['resolveToken']>[2]): unknown {
    return Reference.isReference(token) && CfnElement.isCfnElement(token.target) ? new Kept(token, token.target) : super.resolveToken(token, context, postProcessor);
  }
}

/** A reference to an element of some stack. To the CDK, which checks and sorts what it renders, it looks like an intrinsic function. */
export class Kept {
  public readonly 'Fn::Kept': string;
  readonly #reference: Reference;
  readonly #target: CfnElement;

  public constructor(reference: Reference, target: CfnElement) {
    this['Fn::Kept'] = `${target.node.path}.${reference.displayName}`;
    this.#reference = reference;
    this.#target = target;
  }

  public get reference(): Reference {
    return this.#reference;
  }

  public get target(): CfnElement {
    return this.#target;
  }
}

/** Everything that the policies of an app let roles do, in the order of the construct tree. */
export function permissionsOf(scope: IConstruct, roles: readonly iam.IRole[]): Permissions {
  const granted: Granted[] = [];
  const unreadable: string[] = [];
  const resources = (Stage.of(scope) ?? scope.node.root).node.findAll().filter(CfnResource.isCfnResource);
  const policies = resources.filter(({ cfnResourceType }) => INLINE_TYPES.has(cfnResourceType)).map((policy) => ({ policy, properties: propertiesOf(policy) }));
  for (const role of roles) {
    const own = ownResource(role);
    const properties = own ? propertiesOf(own) : {};
    const attached = listOf(properties.ManagedPolicyArns);
    if (!own) unreadable.push('is not made in this app, which knows only what the app itself grants it');
    if (attached.some((arn) => !(arn instanceof Kept))) unreadable.push('has a managed policy of AWS, whose actions the app does not know');
    const documents = [
      ...listOf(properties.Policies).filter(isJson).map((inline) => ({ stack: Stack.of(role), document: inline.PolicyDocument })),
      ...policies
        .filter(({ policy, properties: of }) => attached.some((arn) => arn instanceof Kept && arn.target === policy)
          || [...listOf(of.Roles), of.RoleName].some((name) => isNameOf(name, policy.stack, role, own)))
        .map(({ policy, properties: of }) => ({ stack: policy.stack, document: of.PolicyDocument })),
    ];
    for (const { stack, document } of documents) {
      for (const statement of listOf(isJson(document) ? document.Statement : undefined)) {
        const read = readStatement(statement, stack);
        if (typeof read === 'string') unreadable.push(read);
        else if (read) granted.push(read);
      }
    }
  }
  return { granted, unreadable };
}

function readStatement(statement: unknown, stack: Stack): Granted | string | undefined {
  if (!isJson(statement)) return 'has a statement that is a token';
  if (statement.Effect === 'Deny') return undefined;
  const actions = listOf(statement.Action);
  if (statement.Effect !== 'Allow' || actions.length === 0 || !actions.every((action) => typeof action === 'string')) {
    return 'has a statement whose actions are not written out';
  }
  if (actions.includes('*')) return 'may do everything';
  const conditions = isJson(statement.Condition) ? statement.Condition : {};
  // The other service makes the call, and not from this network.
  if (Object.values(conditions).some((test) => isJson(test) && Object.keys(test).some((key) => key.toLowerCase() === 'kms:viaservice'))) return undefined;
  // AWS Lambda makes the call by itself, and not from this network either: the code's own calls have the key (Lambda guide, "Giving Lambda functions access to resources in an Amazon VPC").
  if (isJson(conditions.Null) && Object.entries(conditions.Null).some(([key, absent]) => key.toLowerCase() === 'lambda:sourcefunctionarn' && String(absent) === 'true')) return undefined;
  return { actions, resources: listOf(statement.Resource ?? '*'), conditions, stack };
}

function ownResource(role: iam.IRole): CfnResource | undefined {
  const child = role.node.defaultChild;
  return child && CfnResource.isCfnResource(child) && child.cfnResourceType === 'AWS::IAM::Role' ? child : undefined;
}

function isNameOf(name: unknown, stack: Stack, role: iam.IRole, own: CfnResource | undefined): boolean {
  if (name instanceof Kept) return name.target === own;
  if (typeof name === 'string') return name === role.roleName;
  // A template that is written by hand names its own resources by their logical ids.
  return own !== undefined && own.stack === stack && isJson(name) && name.Ref === stack.resolve(own.logicalId);
}

function propertiesOf(resource: CfnResource): Json {
  const rendered: unknown = Tokenization.resolve(resource._toCloudFormation(), { scope: resource, resolver: new ReferenceKeeper(), preparing: false });
  const resources = isJson(rendered) && isJson(rendered.Resources) ? Object.values(rendered.Resources) : [];
  const [only] = resources.filter(isJson);
  return only && isJson(only.Properties) ? only.Properties : {};
}

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Kept);
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value as unknown[] : [value];
}
