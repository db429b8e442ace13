import { App, Stack } from 'aws-cdk-lib';
import { CfnReplicationGroup, CfnUser, CfnUserGroup } from 'aws-cdk-lib/aws-elasticache';
import { TemplateGraph } from '../../../src/checks/template/template-graph';
import { treeTemplates } from '../../../src/checks/tree-templates';
import { type AclUser, aclFile, aclUsersOf, cachesOf } from '../../../src/drill/services/redis-acl';

function usersOf(build: (stack: Stack) => void): AclUser[] {
  const app = new App();
  build(new Stack(app, 'Stack'));
  return aclUsersOf(new TemplateGraph(treeTemplates(app)));
}

const user = (stack: Stack, name: string, accessString: string): CfnUser =>
  new CfnUser(stack, name, { engine: 'valkey', userId: `id-${name}`, userName: name, accessString, passwords: ['{{resolve:secretsmanager:x}}'] });

function group(stack: Stack, userIds: string[]): void {
  const { ref } = new CfnUserGroup(stack, 'Group', { engine: 'valkey', userGroupId: 'group', userIds });
  new CfnReplicationGroup(stack, 'Cache', { replicationGroupDescription: 'x', userGroupIds: [ref] });
}

test('reads whom the caches let in, with their rules and a password of the drill', () => {
  const users = usersOf((stack) => group(stack, [user(stack, 'gate', 'on ~gate:* resetchannels -@all +get').ref, user(stack, 'default', 'off -@all').ref]));
  const passwords = users.map(({ password }) => password);
  expect(users).toEqual([
    { userName: 'gate', accessString: 'on ~gate:* resetchannels -@all +get', keyPrefixes: ['gate:'], password: passwords[0] },
    { userName: 'default', accessString: 'off -@all', keyPrefixes: [], password: passwords[1] },
  ]);
  expect(new Set(passwords).size).toBe(2);
  for (const password of passwords) expect(password).toMatch(/^[\w-]{43}$/);
});

test('follows ids as it follows references', () => {
  const users = usersOf((stack) => {
    user(stack, 'gate', 'on ~a[bc]*:* ~gate* -@all');
    group(stack, ['id-gate']);
  });
  expect(users).toMatchObject([{ userName: 'gate', keyPrefixes: ['a[bc]*:*', 'gate'] }]);
});

test('leaves out who is in no group of a cache', () => {
  expect(usersOf((stack) => {
    user(stack, 'stranger', 'on ~* +@all');
    group(stack, []);
  })).toEqual([]);
});

describe('the file that Redis reads', () => {
  const gate: AclUser = { userName: 'gate', accessString: 'on ~gate:* -@all +get', keyPrefixes: ['gate:'], password: 'secret' };

  test('switches the default user off where the template names none', () => {
    expect(aclFile([gate])).toBe('user default reset off -@all\nuser gate reset on ~gate:* -@all +get >secret\n');
    expect(aclFile([{ ...gate, userName: 'default' }])).toBe('user default reset on ~gate:* -@all +get >secret\n');
  });

  test.each([['a password', 'on >open ~* +@all'], ['no password', 'on nopass ~* #hash'], ['a second user', 'on ~*\nuser x on nopass +@all{}']])('takes no rules that bring %s', (_, accessString) => {
    expect(() => aclFile([{ ...gate, accessString }])).toThrow('User gate has an access string that ElastiCache would not take.');
  });
});

test('of two stacks with the same names, each cache has the users of its own stack', () => {
  const app = new App();
  for (const name of ['One', 'Two']) {
    const stack = new Stack(app, name);
    user(stack, 'gate', `on ~${name}:* -@all`);
    group(stack, ['id-gate']);
  }
  const graph = new TemplateGraph(treeTemplates(app));
  const caches = graph.ofType('AWS::ElastiCache::ReplicationGroup');
  expect(caches.map((cache) => aclUsersOf(graph, [cache]).map(({ keyPrefixes }) => keyPrefixes))).toEqual([[['One:']], [['Two:']]]);
  for (const one of graph.ofType('AWS::ElastiCache::User')) expect(cachesOf(graph, one).map(({ template }) => template.name)).toEqual([one.template.name]);
});
