import { type Check, examine, forEach, okIf, type Result } from '../examine';
import { ofType, type Ward } from '../ward';

export const TABLES: readonly Check<boolean>[] = [
  { item: 'tables.recovery', judge: (isOn) => okIf(isOn, 'cannot be had back as it was') },
];

export function examineTables(ward: Ward): Promise<readonly Result[]> {
  return forEach(ofType(ward, 'AWS::DynamoDB::Table'), ({ path, physicalId }) => examine(path, () => ward.aws.recoveryOf(physicalId), TABLES));
}
