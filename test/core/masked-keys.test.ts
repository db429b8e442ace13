import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AuditTrail, Authorizer, GateProof, type SecureCore } from '../../src';
import { ENV } from '../support/network-stack';
import { JWT, remoteCore } from '../support/remote-core';

const BY_KEYS = Authorizer.jwt(JWT).withGateProof(GateProof.apiKeys({ prefix: 'acme_' }));
const withKeys = (stack: Stack, audit?: AuditTrail): SecureCore => remoteCore(stack, { authorizer: BY_KEYS, ...(audit && { audit }) });
const stackOf = (): Stack => new Stack(new App(), 'Masked', { env: ENV });

interface Group {
  readonly Properties: { readonly DataProtectionPolicy?: { readonly Configuration?: { readonly CustomDataIdentifier?: readonly { readonly Regex: string }[] } } };
}

/** Patterns that the log group masks by. */
function patternsIn(stack: Stack): string[] {
  const groups = Object.values(Template.fromStack(stack).findResources('AWS::Logs::LogGroup')) as Group[];
  return groups.flatMap(({ Properties: { DataProtectionPolicy } }) => DataProtectionPolicy?.Configuration?.CustomDataIdentifier?.map(({ Regex }) => Regex) ?? []);
}

describe('Keys of a Core\'s own prefix', () => {
  test('are masked by the trail that it makes, beside those of the default', () => {
    const stack = stackOf();
    withKeys(stack);
    expect(patternsIn(stack)).toEqual(expect.arrayContaining(['ctx_[A-Za-z0-9_-]{16,}', 'acme_[A-Za-z0-9_-]{16,}']));
  });

  test('are masked by a trail that names them, and no Core writes to one that does not', () => {
    const stack = stackOf();
    expect(() => withKeys(stack, new AuditTrail(stack, 'Bare'))).toThrow(
      'Masked/Core/Service: audit is "a trail that masks no key that begins with acme_". Name it there: new AuditTrail(this, \'Audit\', { keyPrefixes: [\'acme_\'] }).',
    );
    const other = stackOf();
    expect(() => withKeys(other, new AuditTrail(other, 'Trail', { keyPrefixes: ['acme_'] }))).not.toThrow();
  });

  test.each([
    [['ACME'], 'keyPrefixes is "ACME". Name 2 to 16 lower-case letters and digits and an underscore'],
    [['aa_', 'bb_', 'cc_', 'dd_', 'ee_', 'ff_', 'gg_'], 'Name 6 at most: a policy has no room for more.'],
  ])('are not %j', (keyPrefixes, message) => {
    expect(() => new AuditTrail(stackOf(), 'Trail', { keyPrefixes })).toThrow(message);
  });
});
