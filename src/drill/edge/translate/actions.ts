import { actionsOf, inOrder } from '../../../checks/rules/load-balancing';
import type { Resource } from '../../../checks/template/resource';
import type { ActionModel, ClaimModel, JwtModel } from '../model';
import type { Inspection } from './inspect';
import { Spot } from './spot';
import { targetsOf } from './targets';
import { LISTENER } from './types';

interface ActionType {
  /** The properties that belong to the type; none of another type's may stand beside them. */
  readonly configs: readonly string[];
  /** Whether requests go on to the next action: those that answer come last, and only one does. */
  readonly passesOn: boolean;
  translate(action: Spot, inspection: Inspection): ActionModel;
}

/** AWS: "Action types for listener rules". */
const TYPES: Readonly<Record<string, ActionType>> = {
  'forward': { configs: ['TargetGroupArn', 'ForwardConfig'], passesOn: false, translate: (action, inspection) => ({ kind: 'forward', targets: targetsOf(action, inspection) }) },
  'fixed-response': { configs: ['FixedResponseConfig'], passesOn: false, translate: (action) => fixedResponse(action.get('FixedResponseConfig')) },
  'redirect': { configs: ['RedirectConfig'], passesOn: false, translate: (action) => redirect(action.get('RedirectConfig')) },
  'jwt-validation': { configs: ['JwtValidationConfig'], passesOn: true, translate: (action) => jwt(action.get('JwtValidationConfig')) },
  'authenticate-oidc': { configs: ['AuthenticateOidcConfig'], passesOn: true, translate: (action, inspection) => login(action, 'AuthenticateOidcConfig', inspection) },
  'authenticate-cognito': { configs: ['AuthenticateCognitoConfig'], passesOn: true, translate: (action, inspection) => login(action, 'AuthenticateCognitoConfig', inspection) },
};

const CONFIGS = Object.values(TYPES).flatMap(({ configs }) => configs);

/** In the order in which they are taken: the lowest `Order` first. AWS: "Action" of the Elastic Load Balancing API reference. */
export function actionsIn(resource: Resource, isHttps: boolean, inspection: Inspection): ActionModel[] {
  const list = Spot.of(resource).get(resource.type === LISTENER ? 'DefaultActions' : 'Actions');
  // Read strictly before they are sorted, so that an open order is told like any other open value.
  for (const action of list.items()) action.get('Order').whole(1, 50_000);
  const actions = actionsOf(resource).map((action) => new Spot(resource, action));
  if (actions.length === 0) list.refuse('it holds no action; add one');
  return actions.map((action, index) => {
    const next = actions[index + 1];
    if (next && !inOrder(action.property, next.property)) next.get('Order').refuse('AWS wants an order of its own for each of several actions; number them');
    const name = action.get('Type').requiredOneOf(Object.keys(TYPES));
    const type = TYPES[name] ?? action.refuse('the drill does not know this type');
    for (const config of CONFIGS) {
      if (!type.configs.includes(config) && action.get(config).exists) action.get(config).refuse(`it does not belong to an action of type ${name}; take it out`);
    }
    if (type.passesOn !== (next !== undefined)) action.get('Type').refuse('the last action answers, and only the last; put forward, redirect or fixed-response there');
    if (type.passesOn && !isHttps) action.get('Type').refuse('only HTTPS listeners take it; make the listener HTTPS');
    return type.translate(action, inspection);
  });
}

const CONTENT_TYPES = ['text/plain', 'text/css', 'text/html', 'application/javascript', 'application/json'] as const;

function fixedResponse(config: Spot): ActionModel {
  const status = config.get('StatusCode').requiredWhole(200, 599);
  if (status >= 300 && status < 400) config.get('StatusCode').refuse('AWS takes 2XX, 4XX and 5XX here; write one of those');
  return { kind: 'fixed-response', status, contentType: config.get('ContentType').oneOf(CONTENT_TYPES) ?? 'text/plain', body: config.get('MessageBody').text() ?? '' };
}

const STATUS = { HTTP_301: 301, HTTP_302: 302 } as const;

/** Parts that are left out stay what they are in the request. AWS: "Action types for listener rules", redirect actions. */
function redirect(config: Spot): ActionModel {
  const part = (key: string, absent: string, takes: RegExp): string => {
    const text = config.get(key).text() ?? absent;
    if (!takes.test(text.replaceAll(/#\{(protocol|host|port|path|query)\}/g, (_, name: string) => `<${name}>`))) config.get(key).refuse('the drill does not know what this part of a redirect does; write one that AWS documents');
    return text;
  };
  return {
    kind: 'redirect',
    status: STATUS[config.get('StatusCode').requiredOneOf(['HTTP_301', 'HTTP_302'])],
    protocol: part('Protocol', '#{protocol}', /^(HTTP|HTTPS|<protocol>)$/),
    host: part('Host', '#{host}', /^[^#]+$/),
    port: part('Port', '#{port}', /^(\d{1,5}|<port>)$/),
    path: part('Path', '/#{path}', /^\/[^#]*$/),
    query: part('Query', '#{query}', /^[^#]*$/),
  };
}

/** AWS: "Verify JWTs using an Application Load Balancer"; issuer, keys and claims keep their holes, for the drill's issuer fills them with the same texts. */
function jwt(config: Spot): JwtModel {
  return {
    kind: 'jwt',
    issuer: config.get('Issuer').textWithHoles(),
    jwksEndpoint: config.get('JwksEndpoint').textWithHoles(),
    claims: config.get('AdditionalClaims').items().map(claim),
  };
}

function claim(spot: Spot): ClaimModel {
  const values = spot.get('Values').items();
  if (values.length === 0) spot.get('Values').refuse('a claim has at least one value; add one');
  return {
    name: spot.get('Name').requiredText(),
    format: spot.get('Format').requiredOneOf(['single-string', 'string-array', 'space-separated-values']),
    values: values.map((value) => value.textWithHoles()),
  };
}

/** AWS: "Authenticate users using an Application Load Balancer". */
function login(action: Spot, key: string, inspection: Inspection): ActionModel {
  const config = action.get(key);
  if (!config.exists) config.refuse('the action has no configuration; add it');
  inspection.omit(action.resource, 'callers who have logged in: nobody in a drill has a session', config.path);
  return { kind: 'login', strangers: config.get('OnUnauthenticatedRequest').oneOf(['authenticate', 'deny', 'allow']) ?? 'authenticate', place: `${action.resource.logicalId}.${config.path}` };
}
