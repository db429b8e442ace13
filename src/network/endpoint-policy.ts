import { Aws, type CfnElement, type Stack, Token } from 'aws-cdk-lib';
import { servicesOf } from './endpoint-services';
import { type Granted, isJson, Kept } from './granted';

type Json = Record<string, unknown>;

/** The registry's own bucket (Amazon ECR guide, "Minimum Amazon S3 bucket permissions for Amazon ECR"); its links are signed by ECR, not by the caller's role. */
const LAYERS = {
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: 's3:GetObject',
  Resource: `arn:${Aws.PARTITION}:s3:::prod-${Aws.REGION}-starport-layer-bucket/*`,
};

/** Intrinsic functions that mean something only in the template that they are written in. */
const LOCAL_FUNCTIONS = ['Fn::GetAtt', 'Fn::Sub', 'Fn::If', 'Fn::FindInMap'];

/**
 * What an endpoint lets through: the granted actions on the granted resources, by principals of this account.
 *
 * A resource that another template holds is not named, since that template already needs this one and the two would need each other.
 * The endpoint then admits resources of that template's account. A resource whose owner is not told (`IfExists`) passes, because not every
 * service tells (IAM guide, "aws:ResourceAccount").
 *
 * @param home of the endpoint
 * @param waiting whether an element waits for the endpoint, and so cannot be named by its policy
 */
export function endpointPolicy(service: string, granted: readonly Granted[], home: Stack, waiting: (element: CfnElement) => boolean): Json {
  const statements = new Map<string, Json>();
  for (const { actions, resources, conditions, stack } of granted) {
    const own = actions.filter((action) => servicesOf(action)?.includes(service) === true && !isPullFromS3(service, action));
    if (own.length === 0) continue;
    const foreign = new Set<string>();
    const written = { resources: resources.map((resource) => write(resource)), conditions: write(conditions) as Json };
    const accounts = [...foreign].sort();
    const statement = {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: one([...new Set(own)].sort()),
      Resource: accounts.length > 0 ? '*' : one(written.resources),
      Condition: within(accounts.length > 0 ? {} : written.conditions, accounts),
    };
    statements.set(JSON.stringify(home.resolve(statement)), statement);

    function write(value: unknown): unknown {
      if (value instanceof Kept) {
        if (value.target.stack === home && !waiting(value.target)) return value.reference;
        foreign.add(accountOf(value.target.stack));
        return '*';
      }
      if (Array.isArray(value)) return value.map(write);
      if (!isJson(value)) return value;
      if (stack !== home && isLocal(value)) {
        foreign.add(accountOf(stack));
        return '*';
      }
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, write(inner)]));
    }
  }
  const pulls = service === 's3' && granted.some(({ actions }) => actions.some((action) => isPullFromS3(service, action)));
  return { Version: '2012-10-17', Statement: [...statements.values(), ...(pulls ? [LAYERS] : [])] };
}

/** Whether an action reaches a service only through what another one signs for it. */
function isPullFromS3(service: string, action: string): boolean {
  return service === 's3' && /^ecr:/i.test(action) && servicesOf(action)?.includes('s3') === true;
}

function isLocal(value: Json): boolean {
  return LOCAL_FUNCTIONS.some((name) => name in value) || (typeof value.Ref === 'string' && !value.Ref.startsWith('AWS::'));
}

function accountOf(stack: Stack): string {
  return Token.isUnresolved(stack.account) ? Aws.ACCOUNT_ID : stack.account;
}

function within(conditions: Json, accounts: readonly string[]): Json {
  const equals = isJson(conditions.StringEquals) ? conditions.StringEquals : {};
  return {
    ...conditions,
    StringEquals: { ...equals, 'aws:PrincipalAccount': Aws.ACCOUNT_ID },
    ...(accounts.length > 0 ? { StringEqualsIfExists: { 'aws:ResourceAccount': one(accounts) } } : {}),
  };
}

function one(values: readonly unknown[]): unknown {
  return values.length === 1 ? values[0] : values;
}
