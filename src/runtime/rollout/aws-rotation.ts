import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { RetireAnswer, RetireRequest, RolledSecret } from '../../secrets/contract';
import { RotationError } from '../rotation/ports';
import type { Retiring } from './ports';

const OUTCOMES: readonly string[] = ['retired', 'replaced', 'held', 'nothing'] satisfies RetireAnswer['outcome'][];

/** The rotation functions, which alone can shut a value out. */
export class AwsRotations implements Retiring {
  public constructor(private readonly client: LambdaClient) {}

  public async retire({ secretArn, rotationFunctionArn }: RolledSecret, versionId: string): Promise<RetireAnswer['outcome']> {
    const request: RetireRequest = { retire: { secretArn, versionId } };
    const { FunctionError, Payload } = await this.client.send(new InvokeCommand({ FunctionName: rotationFunctionArn, InvocationType: 'RequestResponse', Payload: JSON.stringify(request) }));
    if (FunctionError !== undefined) throw new RotationError('RETIRE_FAILED', `The function ${rotationFunctionArn} did not retire the old value (${FunctionError}); its log says why.`);
    const outcome = outcomeIn(Payload);
    if (outcome === undefined) throw new RotationError('RETIRE_FAILED', `The function ${rotationFunctionArn} answered something else than what came of retiring.`);
    return outcome;
  }
}

/** It is another program that may be older or newer than this one: what it answers is looked at, and not repeated. */
function outcomeIn(payload: Uint8Array | undefined): RetireAnswer['outcome'] | undefined {
  try {
    const answer: unknown = JSON.parse(Buffer.from(payload ?? []).toString());
    if (typeof answer !== 'object' || answer === null || !('outcome' in answer)) return undefined;
    return isOutcome(answer.outcome) ? answer.outcome : undefined;
  } catch {
    return undefined;
  }
}

function isOutcome(word: unknown): word is RetireAnswer['outcome'] {
  return typeof word === 'string' && OUTCOMES.includes(word);
}
