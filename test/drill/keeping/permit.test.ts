import { permit } from '../../../src/drill/keeping/permit';
import { clientsThat, graphOf, partOf, type Sent } from './stand-in';

test('the role of the function is let do exactly this, and a second time does not take the first away', async () => {
  const [fn] = graphOf(['S', { Fn: { Type: 'AWS::Lambda::Function' } }]).ofType('AWS::Lambda::Function');
  if (!fn) throw new Error('no function');
  const sent: Sent[] = [];
  const scene = partOf({ aws: clientsThat(() => ({}), sent), propertiesOf: () => ({ Role: 'arn:aws:iam::1:role/path/Rotator' }) });
  await permit(scene, fn, ['secretsmanager:GetSecretValue'], 'arn:one');
  await permit(scene, fn, ['ecs:UpdateService'], '*');
  expect(sent.map(({ name, input }) => [name, input.RoleName, JSON.parse(String(input.PolicyDocument)) as unknown])).toEqual([
    ['PutRolePolicyCommand', 'Rotator', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['secretsmanager:GetSecretValue'], Resource: 'arn:one' }] }],
    ['PutRolePolicyCommand', 'Rotator', { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['ecs:UpdateService'], Resource: '*' }] }],
  ]);
  expect(new Set(sent.map(({ input }) => input.PolicyName)).size).toBe(2);
});
