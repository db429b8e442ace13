import { BROKER_VARIABLE, type BrokerConfiguration } from '../../../../src/broker/contract';
import { secretsToldTo } from '../../../../src/drill/keeping/workers/brokers';
import { OWN_KEYS, workersTemplate } from '../../../e2e/drill/fixtures/workers';
import { TemplateGraph } from '../../../../src/checks/template/template-graph';
import { clientsThat, partOf } from '../stand-in';

const ARNS = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:';
const WHOLE = `${ARNS}elsewhere-AbCdEf`;

test('a broker is told of its rings and of what it lends, by names or whole ARNs, and of nothing else', async () => {
  const [fn] = new TemplateGraph([workersTemplate()]).ofType('AWS::Lambda::Function');
  if (fn === undefined) throw new Error('There is no function.');
  const told = {
    phase: OWN_KEYS,
    secretArns: ARNS,
    credentials: ['staging/credentials/router/ssh-AbCdEf', { id: 'switch', kind: 'snmp', secret: WHOLE }, { id: 'portal', kind: 'api_key', parameter: '/portal' }],
  } as unknown as BrokerConfiguration;
  const scene = partOf({ aws: clientsThat(() => ({ Environment: { Variables: { [BROKER_VARIABLE]: JSON.stringify(told) } } })), id: () => 'broker' });
  await expect(secretsToldTo(scene, fn)).resolves.toEqual([`${ARNS}staging/ring`, `${ARNS}staging/credentials/router/ssh-AbCdEf`, WHOLE]);
});
