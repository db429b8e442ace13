import { CfnResource, type Stack } from 'aws-cdk-lib';
import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { CallTrail } from '../../../src';
import { deployTimeValue } from '../../support/load-balancing';
import { describeRule } from '../../support/rule-cases';

type Props = Partial<ConstructorParameters<typeof CfnTrail>[2]>;

const trail = (props: Props = {}, id = 'Trail') => (stack: Stack): CfnTrail => new CfnTrail(stack, id, { isLogging: true, s3BucketName: 'calls', enableLogFileValidation: true, ...props });
const advanced = (...fieldSelectors: CfnTrail.AdvancedFieldSelectorProperty[]): Props => ({
  advancedEventSelectors: [{ fieldSelectors: [{ field: 'eventCategory', equalTo: ['Management'] }, ...fieldSelectors] }],
});

describeRule('AUD-6.call-trail', {
  compliant: {
    'the trail of this library': (stack) => new CallTrail(stack, 'Calls'),
    'a trail that says nothing of events': trail(),
    'a selector for all management events': trail({ eventSelectors: [{ includeManagementEvents: true, readWriteType: 'All' }] }),
    'an advanced selector for all management events': trail(advanced()),
    'an advanced selector that names the sources, keys among them': trail(advanced({ field: 'eventSource', equalTo: ['secretsmanager.amazonaws.com', 'kms.amazonaws.com'] })),
    'a trail of data beside one of everything': (stack) => [trail()(stack), trail({ eventSelectors: [{ includeManagementEvents: false }] }, 'Data')(stack)],
  },
  violating: {
    'writes alone': { build: trail({ eventSelectors: [{ readWriteType: 'WriteOnly' }] }), message: /^leaves out calls that only read/, severity: 'error' },
    'no keys': { build: trail({ eventSelectors: [{ excludeManagementEventSources: ['kms.amazonaws.com'] }] }), message: /^leaves out the use of keys/ },
    'data alone': { build: trail({ eventSelectors: [{ includeManagementEvents: false }] }), message: /^records no management events/ },
    'a trail that is off': { build: trail({ isLogging: false }), message: /^is off/ },
    'writes alone, by an advanced selector': { build: trail(advanced({ field: 'readOnly', equalTo: ['false'] })), message: /^leaves out calls that only read/ },
    'no keys, by an advanced selector': { build: trail(advanced({ field: 'eventSource', notEquals: ['kms.amazonaws.com'] })), message: /^leaves out the use of keys/ },
    'another source alone': { build: trail(advanced({ field: 'eventSource', equalTo: ['s3.amazonaws.com'] })), message: /^leaves out the use of keys/ },
    'keys alone': { build: trail(advanced({ field: 'eventSource', equalTo: ['kms.amazonaws.com'] })), message: /^leaves out reads of secrets/ },
    'files that nobody can vouch for': { build: trail({ enableLogFileValidation: false }), message: /nobody can tell whether its files were changed/ },
  },
  override: { build: (stack) => trail()(stack).addPropertyOverride('EventSelectors', [{ ReadWriteType: 'WriteOnly' }]), message: /only read/ },
  raw: { build: (stack) => new CfnResource(stack, 'Raw', { type: 'AWS::CloudTrail::Trail', properties: { IsLogging: 'false', EnableLogFileValidation: 'true' } }), message: /^is off/ },
  undecidable: (stack) => trail()(stack).addPropertyOverride('EventSelectors', deployTimeValue(stack)),
});
