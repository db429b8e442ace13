import { Aws, Fn, Token } from 'aws-cdk-lib';
import * as cognito from 'aws-cdk-lib/aws-cognito';
import type { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';

/** What a prefix may be (Cognito API, CreateUserPoolDomain), and the words that it refuses as reserved (as reported in aws-amplify/amplify-cli#3854 and #1513). */
const PREFIX = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const RESERVED = /aws|amazon|cognito/;

/** The domain that the pool's token and login endpoints stand at. */
export function userPoolDomain(parent: Construct, userPool: cognito.IUserPool, prefix: string | undefined): cognito.UserPoolDomain {
  if (prefix !== undefined && !Token.isUnresolved(prefix) && (!PREFIX.test(prefix) || RESERVED.test(prefix))) {
    throw invalidProp(parent, 'domainPrefix', prefix, 'Name 1 to 63 lower-case letters, digits and inner hyphens, without the words aws, amazon and cognito.');
  }
  return new cognito.UserPoolDomain(parent, 'Domain', { userPool, cognitoDomain: { domainPrefix: prefix ?? defaultPrefix(parent) } });
}

/** Where the domain is served. One that was imported tells its prefix or its full name, and a prefix has no dot. */
export function urlOf(domain: cognito.IUserPoolDomain, region: string): string {
  if (domain instanceof cognito.UserPoolDomain) return domain.baseUrl();
  const isFullName = !Token.isUnresolved(domain.domainName) && domain.domainName.includes('.');
  return `https://${isFullName ? domain.domainName : `${domain.domainName}.auth.${region}.amazoncognito.com`}`;
}

/**
 * What the resolver is asked for where a load balancer logs people in. A prefix that only a deployment knows stands for all of them: a reference to
 * the domain would make a network in another stack wait for this one. AWS alone answers for names below it.
 */
export function loginHost(domain: cognito.IUserPoolDomain, region: string): string {
  const made = domain.node.defaultChild;
  const isMade = cognito.CfnUserPoolDomain.isCfnUserPoolDomain(made);
  const name = isMade ? made.domain : domain.domainName;
  const isFullName = isMade ? made.customDomainConfig !== undefined : !Token.isUnresolved(name) && name.includes('.');
  if (isFullName) return name;
  return `${Token.isUnresolved(name) ? '' : name}.auth.${region}.amazoncognito.com`;
}

/**
 * Prefixes are shared by all accounts of a region, so a part of the stack's id, which is a UUID, keeps two of them apart. Hexadecimal digits
 * spell none of the reserved words, whatever the construct is called.
 */
function defaultPrefix(scope: Construct): string {
  const uuid = Fn.select(2, Fn.split('/', Aws.STACK_ID));
  return `core-${scope.node.addr.slice(-8)}-${Fn.select(0, Fn.split('-', uuid))}${Fn.select(4, Fn.split('-', uuid))}`;
}
