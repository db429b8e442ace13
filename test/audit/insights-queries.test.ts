import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { SecretAccess } from '../../src';
import { CREDENTIAL_QUERIES, HOT_QUERIES } from '../../src/audit/insights-queries';
import { questionOf } from '../../src/cli/audit/queries';

describe('The saved queries of CloudWatch Logs Insights', () => {
  test('ask for who read a secret, where those records are', () => {
    const stack = new Stack();
    new SecretAccess(stack, 'Access', { secrets: [new Secret(stack, 'Secret')], readers: [new Role(stack, 'Role', { assumedBy: new AccountRootPrincipal() })] });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Logs::QueryDefinition', {
      Name: Match.stringLikeRegexp('/credential-access$'), QueryString: CREDENTIAL_QUERIES['credential-access'], LogGroupNames: [{ Ref: Match.stringLikeRegexp('^AccessRecords') }],
    });
    template.resourceCountIs('AWS::Logs::QueryDefinition', 1);
  });

  test.each([
    ['lines-with-auth', 'OAUTH', /like \/\(\?i\)auth\//],
    ['lines-with-error', 'Error', /like \/\(\?i\)error\//],
  ])('find lines whatever the case of the word (%s)', (name, word, condition) => {
    const query = HOT_QUERIES[name] ?? '';
    expect(query).toMatch(condition);
    const [, pattern = ''] = /\/\(\?i\)(\w+)\//.exec(query) ?? [];
    expect(word).toMatch(new RegExp(pattern, 'i'));
  });

  test('ask what the command asks, and say how much of the answer they want', () => {
    expect(HOT_QUERIES['refusals-by-identity']).toBe(`${questionOf('failures').text({})}\n| limit 10000`);
    expect(CREDENTIAL_QUERIES['credential-access']).toBe(`${questionOf('secrets').text({})}\n| limit 10000`);
  });
});
