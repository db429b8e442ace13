// expect: Property 'recipients' is missing
// control: MON-6
import type { Stack } from 'aws-cdk-lib';
import { AlarmTopic } from '../../../src';

export function unsafe(stack: Stack): AlarmTopic {
  return new AlarmTopic(stack, 'Alarms', {});
}
