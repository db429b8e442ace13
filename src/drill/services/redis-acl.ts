import { randomBytes } from 'node:crypto';
import type { Resource } from '../../checks/template/resource';
import type { TemplateGraph } from '../../checks/template/template-graph';
import { beside } from '../beside';

/** Somebody whom a Redis of the template lets in, with a password of the drill. */
export interface AclUser {
  readonly userName: string;
  /** As ElastiCache takes it: `on ~gate:* resetchannels -@all +get`. */
  readonly accessString: string;
  /** What the keys begin with that the user may use, without the asterisk; a pattern that has more of them stands as it is. */
  readonly keyPrefixes: readonly string[];
  readonly password: string;
}

const CACHES = ['AWS::ElastiCache::ReplicationGroup', 'AWS::ElastiCache::ServerlessCache'];
const GROUP = 'AWS::ElastiCache::UserGroup';
const USER = 'AWS::ElastiCache::User';

/** What rules are made of; a `>` would begin a password, and a line's end another user. */
const RULE = /^[~+&%@|a-zA-Z0-9:*?_.[\]-]+$/;
/** Passwords are given apart from the rules (ElastiCache guide, "Role-Based Access Control"). */
const PASSWORD_RULES: ReadonlySet<string> = new Set(['nopass', 'resetpass', 'reset']);

/** Every cache of some templates that has users. */
export function cachesIn(graph: TemplateGraph): Resource[] {
  return CACHES.flatMap((type) => graph.ofType(type));
}

/** Everybody whom the caches let in; a user in no group of a cache cannot log in anywhere. Passwords are new ones each time. */
export function aclUsersOf(graph: TemplateGraph, caches: readonly Resource[] = cachesIn(graph)): AclUser[] {
  return [...new Set(caches.flatMap((cache) => usersIn(graph, cache)))].map((user) => aclUser(user));
}

/** The caches that a user of a template can log in to. */
export function cachesOf(graph: TemplateGraph, user: Resource): Resource[] {
  return cachesIn(graph).filter((cache) => usersIn(graph, cache).includes(user));
}

function usersIn(graph: TemplateGraph, cache: Resource): Resource[] {
  const groups = ['UserGroupIds', 'UserGroupId'].flatMap((property) => pointed(graph, cache, property, GROUP, 'UserGroupId'));
  return groups.flatMap((group) => pointed(graph, group, 'UserIds', USER, 'UserId'));
}

/** The resources of a type that a list names, by reference or by id. */
function pointed(graph: TemplateGraph, from: Resource, property: string, type: string, idProperty: string): Resource[] {
  return from.prop(property).items().flatMap((item) => {
    const target = item.reference()?.resource;
    if (target) return target.type === type ? [target] : [];
    const id = item.text();
    return beside(graph.ofType(type).filter((resource) => resource.prop(idProperty).text() === id), from.template.name);
  });
}

function aclUser(user: Resource): AclUser {
  const accessString = user.prop('AccessString').text() ?? 'off -@all';
  return {
    userName: user.prop('UserName').text() ?? '',
    accessString,
    keyPrefixes: accessString.split(/\s+/).filter((rule) => rule.startsWith('~')).map((rule) => rule.slice(1).replace(/^([^*?[\]]*)\*$/, '$1')),
    password: randomBytes(32).toString('base64url'),
  };
}

/**
 * The users as Redis reads them from a file. Whoever is called `default` and not named is off, where not everybody is let in: Redis itself lets him do
 * everything without a password.
 *
 * @param isOpen as a cache is that has neither users nor a token (ElastiCache guide, "Role-Based Access Control")
 */
export function aclFile(users: readonly AclUser[], isOpen = false): string {
  const named = users.some(({ userName }) => userName === 'default');
  const anybody = isOpen ? 'user default reset on nopass ~* &* +@all' : 'user default reset off -@all';
  return [...(named ? [] : [anybody]), ...users.map(aclLine), ''].join('\n');
}

function aclLine({ userName, accessString, password }: AclUser): string {
  const rules = accessString.trim().split(/\s+/);
  if (rules.some((rule) => !RULE.test(rule) || PASSWORD_RULES.has(rule)) || !/^[\w.-]+$/.test(userName)) throw new Error(`User ${userName} has an access string that ElastiCache would not take.`);
  return `user ${userName} reset ${rules.join(' ')} >${password}`;
}
