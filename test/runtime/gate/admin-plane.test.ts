import { adminOf, isAdminPath } from '../../../src/runtime/gate/admin-plane';
import { Refusal } from '../../../src/runtime/gate/refusal';

const ADMIN = { subjectHeader: 'x-amzn-oidc-identity', cookieName: 'SecureCoreAdmin' };
const headersOf = (...values: string[]): Map<string, string[]> => new Map(values.length > 0 ? [['x-amzn-oidc-identity', values]] : []);

function refusalOf(act: () => unknown): string | undefined {
  try {
    act();
  } catch (error) {
    return error instanceof Refusal ? `${error.code} ${error.reason}` : 'another error';
  }
  return undefined;
}

describe('the admin plane', () => {
  test.each(['/admin', '/admin/', '/admin/users', '/ADMIN', '/Admin/users'])('%s belongs to it', (path) => expect(isAdminPath(path)).toBe(true));
  test.each(['/', '/administrators', '/v1/admin', '/admin.json'])('%s does not', (path) => expect(isAdminPath(path)).toBe(false));

  test('a login at the load balancer says who it is, and stands for no scope', () => {
    const { subject, scopes, roles } = adminOf('/admin/users', headersOf('8a1c'), ADMIN);
    expect({ subject, scopes: scopes.size, roles: roles.size }).toEqual({ subject: 'admin:8a1c', scopes: 0, roles: 0 });
  });

  test('a login can be withdrawn by whose it is', () => expect(adminOf('/admin', headersOf('8a1c'), ADMIN).revocableAs).toEqual(['admin#8a1c']));

  test('nobody gets in without a login, with two, or with one that could be more than a name', () => {
    expect(refusalOf(() => adminOf('/admin', headersOf(), ADMIN))).toBe('unauthenticated no-admin-session');
    for (const values of [['a', 'b'], [''], ['a b'], ['a\tb'], ['ä'], ['x'.repeat(257)]]) {
      expect(refusalOf(() => adminOf('/admin', headersOf(...values), ADMIN))).toBe('unauthenticated malformed-admin-session');
    }
  });

  test('there is nothing where no admin plane is configured, and nothing in another spelling', () => {
    expect(refusalOf(() => adminOf('/admin', headersOf('8a1c'), undefined))).toBe('not_found no-admin-plane');
    expect(refusalOf(() => adminOf('/Admin', headersOf('8a1c'), ADMIN))).toBe('not_found no-admin-plane');
  });
});
