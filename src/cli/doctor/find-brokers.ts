import { BROKER_TAG, BROKER_VARIABLE } from '../../broker/contract';
import { readBrokerConfiguration } from '../../runtime/broker/configuration';
import { RotationError } from '../../runtime/rotation/ports';
import { answerOf, type Asked } from './examine';
import { type FoundBroker, ofType, type Ward } from './ward';

/** Functions that a load balancer of the stack may lead to, and that say of themselves that they are brokers. Where no load balancer leads to any function, none is asked about. */
export async function findBrokers({ aws, resources, targetGroups }: Pick<Ward, 'aws' | 'resources' | 'targetGroups'>): Promise<Asked<readonly FoundBroker[]>> {
  const leadsToFunctions = targetGroups.some(({ asked }) => 'answer' in asked && asked.answer?.TargetType === 'lambda');
  if (!leadsToFunctions) return { answer: [] };
  return answerOf(async () => {
    const found: FoundBroker[] = [];
    // One after the other: a stack has a dozen functions, and Lambda throttles.
    for (const { path, physicalId } of ofType({ resources }, 'AWS::Lambda::Function')) {
      const examined = await aws.functionOf(physicalId);
      if (examined?.tags.has(BROKER_TAG) === true) found.push({ path, examined, configuration: configurationIn(examined.configuration) });
    }
    return found;
  });
}

function configurationIn(json: string | undefined): FoundBroker['configuration'] {
  try {
    return readBrokerConfiguration({ [BROKER_VARIABLE]: json });
  } catch (error) {
    if (error instanceof RotationError) return { fault: error.message };
    throw error;
  }
}
