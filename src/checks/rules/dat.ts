import { all, defineRule, expect, fail, NOT_APPLICABLE, type Outcome, PASS, undecidable } from '../rule';
import type { Resource } from '../template/resource';
import { isOn, REDIS_USER, wordsOf } from './redis-users';

const REPLICATION_GROUP = 'AWS::ElastiCache::ReplicationGroup';
const CACHE_CLUSTER = 'AWS::ElastiCache::CacheCluster';
const SERVERLESS_CACHE = 'AWS::ElastiCache::ServerlessCache';
const MEMORY_DB = 'AWS::MemoryDB::Cluster';
const USER_GROUP = 'AWS::ElastiCache::UserGroup';

/** Memcached has a control of its own. */
function isMemcached(store: Resource): boolean {
  return store.prop('Engine').text()?.toLowerCase() === 'memcached';
}

/** A member of a global datastore is encrypted as its primary is, which may be in another region's template (API CreateReplicationGroup). */
function inheritsFrom(store: Resource): readonly Outcome[] | undefined {
  const place = store.prop('GlobalReplicationGroupId');
  return place.exists ? undecidable(place, 'the primary of its global datastore decides') : undefined;
}

const transit = defineRule('DAT-4', 'transit', {
  appliesTo: [REPLICATION_GROUP, CACHE_CLUSTER, MEMORY_DB],
  remediation: 'Set TransitEncryptionEnabled to true and leave TransitEncryptionMode out, or set it to required; a Redis that is a CacheCluster becomes a ReplicationGroup.',
  check(store) {
    if (store.type === MEMORY_DB) {
      const place = store.prop('TLSEnabled');
      return expect(place.flag() ?? true, place, 'is off, so everything is sent in plain text');
    }
    if (isMemcached(store)) return NOT_APPLICABLE;
    return inheritsFrom(store) ?? all(
      () => {
        const place = store.prop('TransitEncryptionEnabled');
        return expect(place.flag() ?? false, place, 'is not true, so everything is sent in plain text, passwords included');
      },
      () => {
        const place = store.prop('TransitEncryptionMode');
        return expect(place.text()?.toLowerCase() !== 'preferred', place, 'is preferred, so plain text is still taken from whoever does not ask for TLS');
      },
    );
  },
});

/** Serverless caches and MemoryDB encrypt by themselves, and cannot be told not to (ElastiCache and MemoryDB guides, "At-rest encryption"). */
const atRest = defineRule('DAT-4', 'at-rest', {
  appliesTo: [REPLICATION_GROUP],
  remediation: 'Set AtRestEncryptionEnabled to true, and KmsKeyId to a key of yours.',
  check(store) {
    const place = store.prop('AtRestEncryptionEnabled');
    return inheritsFrom(store) ?? expect(place.flag() ?? false, place, 'is not true, so snapshots and what is swapped out lie on disk as they are');
  },
});

const NOBODY_LOGS_IN = 'so whoever reaches the port may do everything';

const login = defineRule('DAT-4', 'login', {
  appliesTo: [REPLICATION_GROUP, SERVERLESS_CACHE, CACHE_CLUSTER, MEMORY_DB],
  remediation: 'Name a user group (UserGroupIds, UserGroupId), or an access control list (ACLName) other than open-access.',
  check(store) {
    if (store.type === MEMORY_DB) {
      const place = store.prop('ACLName');
      return expect(place.partialText().text !== 'open-access', place, `is open-access, ${NOBODY_LOGS_IN}`);
    }
    if (isMemcached(store)) return NOT_APPLICABLE;
    if (store.type === CACHE_CLUSTER) return fail(store.prop('Engine'), `is a Redis that has no users, ${NOBODY_LOGS_IN}: only a replication group has`);
    if (store.type === SERVERLESS_CACHE) return expect(store.prop('UserGroupId').exists, store.prop('UserGroupId'), `is not set, ${NOBODY_LOGS_IN}`);
    const groups = store.prop('UserGroupIds');
    if (store.prop('AuthToken').exists) return PASS;
    return expect(groups.items().length > 0, groups, `names no user group and there is no AuthToken, ${NOBODY_LOGS_IN}`);
  },
});

/** The service's own user of that id is on, needs no password and may do everything; one of the same name replaces it (ElastiCache guide, "Role-Based Access Control"). */
const OWN_DEFAULT = 'default';

function needsPassword(user: Resource): readonly Outcome[] {
  const place = [user.prop('NoPasswordRequired'), user.prop('AuthenticationMode.Type')].find((at) => at.exists && isPasswordless(at.text()));
  return place ? expect(!isOn(wordsOf(user)), place, 'lets the user in without a password, and it is on') : PASS;
}

const lastOf = (words: readonly string[], wanted: readonly string[]): number => Math.max(...wanted.map((word) => words.lastIndexOf(word)));

/** Every command on every key: flushing the limits of everybody, or reading and making users (Redis documentation, "ACL"). */
function isLimited(user: Resource): readonly Outcome[] {
  const words = wordsOf(user);
  const every = lastOf(words, ['+@all', 'allcommands']);
  const commands = every > lastOf(words, ['-@all', 'nocommands']) && !words.slice(every).some((word) => word.startsWith('-'));
  const keys = lastOf(words, ['~*', 'allkeys', '%rw~*']) > words.lastIndexOf('resetkeys');
  return expect(!(isOn(words) && commands && keys), user.prop('AccessString'), 'lets the user run every command on every key');
}

function isPasswordless(text: string | undefined): boolean {
  return text?.toLowerCase() === 'true' || text?.toLowerCase() === 'no-password-required';
}

const users = defineRule('DAT-4', 'users', {
  appliesTo: [REDIS_USER, USER_GROUP],
  remediation: 'Give every user a password and the keys and commands that it needs, and put a user named default whose access string is `off -@all` into the group in place of the service\'s own.',
  check(resource) {
    if (resource.type === REDIS_USER) return all(() => needsPassword(resource), () => isLimited(resource));
    const members = resource.prop('UserIds');
    const own = members.items().find((member) => !member.reference() && member.text() === OWN_DEFAULT);
    return own ? fail(own, 'is the service\'s own default user, which needs no password and may do everything') : PASS;
  },
});

export const DAT_RULES = [transit, atRest, login, users];
