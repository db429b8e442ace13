import type { JsonMap, Template } from '../../../src/checks/template/template';
import { discreet } from '../../../src/drill/emulator/discreet';

const template = (name: string, body: object): Template => ({ name, body: body as JsonMap });

const INNER = template('App/Inner', { Resources: { Cache: { Type: 'AWS::ElastiCache::ReplicationGroup', Properties: { AuthToken: 'in-the-nested-stack' } } } });
const APP: Template = {
  ...template('App', {
    Parameters: { Code: { Type: 'String', NoEcho: true, Default: 'of-a-parameter' }, Open: { Type: 'String', Default: 'said-aloud' } },
    Resources: {
      Task: {
        Type: 'AWS::ECS::TaskDefinition',
        Properties: { ContainerDefinitions: [{ Environment: [{ Name: 'API_KEY', Value: 'of-the-environment' }], Command: ['serve', '--key=of-the-command'] }] },
      },
      Database: { Type: 'AWS::RDS::DBInstance', Properties: { MasterUserPassword: { 'Fn::Sub': 'of-the-database-${Open}' }, Engine: 'postgres' } },
    },
  }),
  nested: new Map([['Inner', INNER]]),
};

test.each(['of-a-parameter', 'of-the-environment', '--key=of-the-command', 'of-the-database-${Open}', 'in-the-nested-stack'])('A message does not repeat what stands %s', (secret) => {
  expect(discreet(`Database: ${secret} is not allowed, nor is ${secret}`, [APP])).toBe('Database: … is not allowed, nor is …');
});

test.each(['API_KEY', 'said-aloud', 'postgres', 'AWS::ECS::TaskDefinition'])('A message still says %s', (word) => {
  expect(discreet(`about ${word}`, [APP])).toBe(`about ${word}`);
});
