import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { Reference } from '../template/value';
import { actionsOf, actionsPlace, LISTENER, LISTENER_RULE } from './load-balancing';

const USER_POOL = 'AWS::Cognito::UserPool';
const CLIENT = 'AWS::Cognito::UserPoolClient';

/** IDN-4. */
const MAX_MINUTES = 60;
const MINUTES_A_UNIT: ReadonlyMap<string, number> = new Map([['seconds', 1 / 60], ['minutes', 1], ['hours', 60], ['days', 1440]]);

/** An hour unless told otherwise, and in hours unless told otherwise (CloudFormation, AWS::Cognito::UserPoolClient). */
function isShort(client: Resource): readonly Outcome[] {
  const validity = client.prop('AccessTokenValidity');
  const value = validity.number() ?? 1;
  const unit = client.prop('TokenValidityUnits.AccessToken').text() ?? 'hours';
  const minutes = value * (MINUTES_A_UNIT.get(unit) ?? NaN);
  return expect(minutes <= MAX_MINUTES, validity, `issues access tokens that are good for ${value} ${unit}: a stolen one must be worthless after ${MAX_MINUTES} minutes`);
}

const shortTokens = defineRule('IDN-4', 'short-tokens', {
  appliesTo: [CLIENT],
  remediation: 'Set AccessTokenValidity with TokenValidityUnits.AccessToken to 60 minutes or less, and leave EnableTokenRevocation true.',
  check: (client) => all(
    () => isShort(client),
    // On for every new client (Cognito API, CreateUserPoolClient).
    () => expect(client.prop('EnableTokenRevocation').flag() !== false, client.prop('EnableTokenRevocation'), 'turns token revocation off: a refresh token that leaked cannot be withdrawn'),
  ),
});

const EXACT_URL = /^https:\/\/[^\s/\\?#@*]+(?:[/?][^\s*#]*)?$/;
const HOLE = /\$\{[^}]*\}|\{\{resolve:[^}]*\}\}/g;
/** This machine, whose users alone could take the code; and what the CDK fills in where nobody names an address. */
const NOBODYS_HOST = /^https:\/\/(localhost|[^/]*\.localhost|127\.[\d.]+|0\.0\.0\.0|\[[^\]]*\]|(www\.)?example\.(com|net|org))(?=[:/?]|$)/i;

function isExact(url: Property): readonly Outcome[] {
  const { text, complete } = url.partialText();
  const known = text.replace(HOLE, 'hole');
  if (!complete && text.search(HOLE) === 0) return undecidable(url, 'is an address that only a deployment knows');
  if (NOBODYS_HOST.test(text)) return fail(url, `sends codes and tokens to ${text}, which is no address of the app`);
  return expect(EXACT_URL.test(known), url, `must be an exact https URL, without wildcard and fragment: whatever else ${text} matches gets codes and tokens too`);
}

const exactCallbacks = defineRule('IDN-13', 'exact-callbacks', {
  appliesTo: [CLIENT],
  remediation: 'Name every callback and logout address in full, by https.',
  check: (client) => all(
    ...['CallbackURLs', 'LogoutURLs'].map((list) => () => each(client.prop(list).items(), isExact)),
    () => (client.prop('DefaultRedirectURI').exists ? isExact(client.prop('DefaultRedirectURI')) : NOT_APPLICABLE),
  ),
});

const codeFlow = defineRule('IDN-13', 'no-implicit-flow', {
  appliesTo: [CLIENT],
  remediation: 'Take implicit out of AllowedOAuthFlows: code for people, client_credentials for machines. The CDK adds it unless oAuth.flows says otherwise.',
  check(client) {
    const flows = client.prop('AllowedOAuthFlows').items();
    return each(flows, (flow) => expect(flow.text() !== 'implicit', flow, 'hands tokens out in the address that a browser keeps, by the implicit flow'));
  },
});

/** C-27. */
const MIN_PASSWORD = 14;

/** Providers with whom anybody has an account (Cognito API, CreateIdentityProvider): those who come from there are in the pool, whoever may sign up. */
const PUBLIC_PROVIDERS = ['Google', 'Facebook', 'LoginWithAmazon', 'SignInWithApple'];

/** Whether listeners or their rules log people in at a pool. */
function isLoginPool(pool: Resource, graph: TemplateGraph): boolean {
  const resources = [...graph.ofType(LISTENER), ...graph.ofType(LISTENER_RULE)].filter((resource) => Array.isArray(actionsPlace(resource).value));
  return resources.some((resource) => actionsOf(resource).some((action) => {
    if (action.get('Type').text() !== 'authenticate-cognito') return false;
    const { value } = action.get('AuthenticateCognitoConfig.UserPoolArn');
    if (value instanceof Reference) return value.resource === pool;
    // The ARN may be put together around the pool's id.
    return action.get('AuthenticateCognitoConfig.UserPoolArn').partialText().text.endsWith(`:userpool/\${${pool.logicalId}}`);
  }));
}

const people = defineRule('IDN-10', 'login-pool', {
  appliesTo: [USER_POOL],
  extent: 'user pools that a load balancer logs people in at',
  remediation: `Set AdminCreateUserConfig.AllowAdminCreateUserOnly true, MfaConfiguration ON and Policies.PasswordPolicy.MinimumLength ${MIN_PASSWORD} or more.`,
  check(pool, graph) {
    if (!isLoginPool(pool, graph)) return NOT_APPLICABLE;
    const [closed, secondFactor, length] = [pool.prop('AdminCreateUserConfig.AllowAdminCreateUserOnly'), pool.prop('MfaConfiguration'), pool.prop('Policies.PasswordPolicy.MinimumLength')];
    return all(
      () => expect(closed.flag() === true, closed, 'lets anybody sign up, and a load balancer lets everybody in the pool through'),
      () => each(graph.pointingAt(pool, 'AWS::Cognito::UserPoolIdentityProvider', 'UserPoolId'), (provider) => {
        const type = provider.prop('ProviderType');
        return expect(!PUBLIC_PROVIDERS.includes(type.text() ?? ''), type, `lets in everybody who has an account with ${type.text() ?? ''}`);
      }),
      () => expect(secondFactor.text() === 'ON', secondFactor, 'lets people in with a password alone'),
      () => expect((length.number() ?? 0) >= MIN_PASSWORD, length, `takes passwords shorter than ${MIN_PASSWORD} characters`),
    );
  },
});

export const IDN_COGNITO_RULES = [shortTokens, exactCallbacks, codeFlow, people];
