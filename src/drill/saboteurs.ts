import { LISTENER, LISTENER_RULE, LOAD_BALANCER, TARGET_GROUP } from '../checks/rules/load-balancing';
import { isJsonMap, type Json, type JsonMap, own } from '../checks/template/template';
import type { Saboteur } from './attack';

/** What becomes of the properties of a resource; undefined where there is nothing to take away. */
type Alteration = (properties: JsonMap, template: JsonMap, logicalId: string) => JsonMap | undefined;

/** Alters every resource of some types, since a protection that stands twice must fall twice. */
export function saboteur(name: string, types: readonly string[], alter: Alteration): Saboteur {
  return {
    name,
    sabotage: (template) => withResources(template, (resources) => changed(resources, ([logicalId, resource]) => {
      if (!isJsonMap(resource) || !types.includes(String(resource.Type))) return undefined;
      const after = alter(isJsonMap(resource.Properties) ? resource.Properties : {}, template, logicalId);
      return after && [logicalId, { ...resource, Properties: after }];
    })),
  };
}

/** Takes away one protection, and others besides that would hide that it is gone. */
export function together(name: string, main: Saboteur, ...others: readonly Saboteur[]): Saboteur {
  return {
    name,
    sabotage: (template) => {
      const after = main.sabotage(template);
      return after && others.reduce((weakened, other) => other.sabotage(weakened) ?? weakened, after);
    },
  };
}

/** Takes away whichever of several protections are there: any one of them that is left would do. */
export function each(name: string, ...saboteurs: readonly Saboteur[]): Saboteur {
  return { name, sabotage: (template) => saboteurs.reduce<JsonMap | undefined>((weakened, next) => next.sabotage(weakened ?? template) ?? weakened, undefined) };
}

/** Takes away every resource of a type that nothing else has to point at. */
export function removal(name: string, type: string): Saboteur {
  return { name, sabotage: (template) => withResources(template, (resources) => without(resources, ([, resource]) => isJsonMap(resource) && resource.Type === type)) };
}

/** Alters the actions of every listener and rule that are meant. */
export function actionsSaboteur(
  name: string,
  alter: (actions: readonly JsonMap[], template: JsonMap) => readonly JsonMap[] | undefined,
  isMeant: (properties: JsonMap, template: JsonMap) => boolean = () => true,
): Saboteur {
  return saboteur(name, [LISTENER, LISTENER_RULE], (properties, template) => {
    if (!isMeant(properties, template)) return undefined;
    const key = 'DefaultActions' in properties ? 'DefaultActions' : 'Actions';
    return listAltered(properties, key, (actions) => alter(actions, template));
  });
}

/** Alters the configuration of every jwt-validation action. */
export function jwtSaboteur(name: string, alter: (config: JsonMap) => JsonMap | undefined): Saboteur {
  return actionsSaboteur(name, (actions) => changed(actions, (action) => {
    const config = action.JwtValidationConfig;
    const after = isJsonMap(config) ? alter(config) : undefined;
    return after && { ...action, JwtValidationConfig: after };
  }));
}

/** Alters the claims that every jwt-validation action asks for. */
export function claimsSaboteur(name: string, alter: (claims: readonly JsonMap[]) => readonly JsonMap[] | undefined): Saboteur {
  return jwtSaboteur(name, (config) => listAltered(config, 'AdditionalClaims', alter));
}

/** Gives a listener attribute another value, or none, wherever it is set. */
export function attributeSaboteur(key: string, value?: string): Saboteur {
  const is = (attribute: JsonMap): boolean => attribute.Key === key;
  return saboteur(value === undefined ? `${key} deleted` : `${key} becomes "${value}"`, [LISTENER], (properties) => listAltered(properties, 'ListenerAttributes', (attributes) => (
    value === undefined ? without(attributes, is) : changed(attributes, (attribute) => (is(attribute) ? { ...attribute, Value: value } : undefined))
  )));
}

/** Gives a load balancer attribute another value, or none, wherever it is set. */
export function loadBalancerAttributeSaboteur(key: string, value?: string): Saboteur {
  const is = (attribute: JsonMap): boolean => attribute.Key === key;
  return saboteur(value === undefined ? `${key} deleted` : `${key} becomes "${value}"`, [LOAD_BALANCER], (properties) => listAltered(properties, 'LoadBalancerAttributes', (attributes) => (
    value === undefined ? without(attributes, is) : changed(attributes, (attribute) => (is(attribute) ? { ...attribute, Value: value } : undefined))
  )));
}

/** Action types after which the load balancer knows who calls. */
const AUTHENTICATING: ReadonlySet<Json | undefined> = new Set(['jwt-validation', 'authenticate-oidc', 'authenticate-cognito']);

/** Lets rules forward without asking anybody who he is. */
export const AUTHENTICATION_REMOVED = actionsSaboteur('authenticating action deleted', (actions) => without(actions, ({ Type }) => AUTHENTICATING.has(Type)));

/** Answers what no rule asked for from the Core. */
export const DEFAULT_FORWARDS = saboteur('default action becomes forward', [LISTENER], (properties, template, logicalId) => {
  if (properties.Protocol !== 'HTTP' && properties.Protocol !== 'HTTPS') return undefined;
  if (rulesOn(logicalId, template).some(takesEverything)) return undefined;
  const forward = forwardIn(template);
  return forward && listAltered(properties, 'DefaultActions', (actions) => (actions.some(({ Type }) => Type === 'forward') ? undefined : [forward]));
});

/** Only rules that name the listener in the same template: of others nothing is known here. */
function rulesOn(listener: string, template: JsonMap): JsonMap[] {
  return Object.values(resourcesOf(template)).filter(isJsonMap).flatMap(({ Type, Properties }) => (
    Type === LISTENER_RULE && isJsonMap(Properties) && referenceOf(Properties.ListenerArn) === listener ? [Properties] : []
  ));
}

const EVERYTHING: ReadonlySet<string> = new Set(['path-pattern *', 'path-pattern /*', 'host-header *']);

/** Whether a rule leaves nothing to the default action. */
function takesEverything({ Conditions }: JsonMap): boolean {
  const conditions = Array.isArray(Conditions) ? (Conditions as readonly Json[]).filter(isJsonMap) : [];
  return conditions.length > 0 && conditions.every((condition) => {
    const values = [condition.Values, ...['PathPatternConfig', 'HostHeaderConfig'].map((key) => own(isJsonMap(condition[key]) ? condition[key] : {}, 'Values'))];
    return values.flat().some((value) => EVERYTHING.has(`${String(condition.Field)} ${String(value)}`));
  });
}

function referenceOf(value: Json | undefined): Json | undefined {
  return isJsonMap(value) ? value.Ref : undefined;
}

/** Answers plain HTTP from the Core. */
export const REDIRECT_FORWARDS = actionsSaboteur('redirect becomes forward', (actions, template) => {
  const forward = forwardIn(template);
  return forward && changed(actions, ({ Type }) => (Type === 'redirect' ? forward : undefined));
}, isOnPlainHttp);

function isOnPlainHttp(properties: JsonMap, template: JsonMap): boolean {
  const listener = resourcesOf(template)[String(referenceOf(properties.ListenerArn))];
  const { Protocol } = isJsonMap(listener) && isJsonMap(listener.Properties) ? listener.Properties : properties;
  return Protocol === 'HTTP';
}

/** Changes where every redirect leads. */
export function redirectSaboteur(name: string, to: JsonMap): Saboteur {
  return actionsSaboteur(name, (actions) => changed(actions, (action) => {
    return isJsonMap(action.RedirectConfig) ? { ...action, RedirectConfig: { ...action.RedirectConfig, ...to } } : undefined;
  }));
}

/** Changes how a listener that verifies callers' certificates does so. */
export function mutualSaboteur(name: string, alter: (mutual: JsonMap) => JsonMap): Saboteur {
  return saboteur(name, [LISTENER], (properties) => {
    const mutual = properties.MutualAuthentication;
    return isJsonMap(mutual) && mutual.Mode === 'verify' ? { ...properties, MutualAuthentication: alter(mutual) } : undefined;
  });
}

/** AWS takes a trust store in verify mode only (elasticloadbalancing API_MutualAuthenticationAttributes). */
export const MUTUAL_OFF = mutualSaboteur('MutualAuthentication Mode becomes off', () => ({ Mode: 'off' }));
export const MUTUAL_PASSTHROUGH = mutualSaboteur('MutualAuthentication Mode becomes passthrough', () => ({ Mode: 'passthrough' }));

/** Both at once, since either alone keeps strangers out. */
export const NOBODY_ASKED = each('authenticating action deleted and MutualAuthentication Mode off', AUTHENTICATION_REMOVED, MUTUAL_OFF);

/** A forward as the template has it elsewhere, or to its first target group; without the order that it had there. */
export function forwardIn(template: JsonMap): JsonMap | undefined {
  const resources = Object.entries(resourcesOf(template));
  const actions = resources.flatMap(([, resource]) => (isJsonMap(resource) && isJsonMap(resource.Properties) ? actionsIn(resource.Properties) : []));
  const forward = actions.find(({ Type }) => Type === 'forward');
  if (forward !== undefined) return omit(forward, 'Order');
  const [logicalId] = resources.find(([, resource]) => isJsonMap(resource) && resource.Type === TARGET_GROUP) ?? [];
  return logicalId === undefined ? undefined : { Type: 'forward', TargetGroupArn: { Ref: logicalId } };
}

function actionsIn({ Actions, DefaultActions }: JsonMap): JsonMap[] {
  return [Actions, DefaultActions].flatMap((actions) => (Array.isArray(actions) ? (actions as readonly Json[]).filter(isJsonMap) : []));
}

export function resourcesOf(template: JsonMap): JsonMap {
  const resources = own(template, 'Resources');
  return isJsonMap(resources) ? resources : {};
}

function withResources(template: JsonMap, alter: (resources: readonly [string, Json][]) => readonly (readonly [string, Json])[] | undefined): JsonMap | undefined {
  const after = alter(Object.entries(resourcesOf(template)));
  return after && { ...template, Resources: Object.fromEntries(after) };
}

/** The map with another list under a key, or without the key where the list is empty; undefined where there was nothing to alter. */
export function listAltered(map: JsonMap, key: string, alter: (items: readonly JsonMap[]) => readonly JsonMap[] | undefined): JsonMap | undefined {
  const items = own(map, key);
  if (!Array.isArray(items)) return undefined;
  // A list with a condition in it is not ours to guess at.
  const maps = (items as readonly Json[]).filter(isJsonMap);
  const after = maps.length === items.length ? alter(maps) : undefined;
  if (after === undefined) return undefined;
  return after.length > 0 ? { ...map, [key]: after } : omit(map, key);
}

export function omit(map: JsonMap, ...keys: readonly string[]): JsonMap {
  return Object.fromEntries(Object.entries(map).filter(([key]) => !keys.includes(key)));
}

/** The list with some of its items replaced; undefined where none is. */
export function changed<T>(items: readonly T[], alter: (item: T) => T | undefined): T[] | undefined {
  const after = items.map(alter);
  return after.some((item) => item !== undefined) ? items.map((item, index) => after[index] ?? item) : undefined;
}

/** The list without some of its items; undefined where all stay. */
export function without<T>(items: readonly T[], leaves: (item: T) => boolean): T[] | undefined {
  return items.some(leaves) ? items.filter((item) => !leaves(item)) : undefined;
}
