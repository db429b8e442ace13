import { SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import type { KeepingScene } from '../scene';

/**
 * Whether policies of a role let it do something for which the emulator has no request of its own, such as what S3 does by itself. By the word of the emulator's
 * policy simulator, which knows no policy of a bucket or key.
 */
export async function may({ aws }: Pick<KeepingScene, 'aws'>, roleArn: string, action: string, resource: string): Promise<boolean> {
  const { EvaluationResults: results = [] } = await aws.iam.send(new SimulatePrincipalPolicyCommand({ PolicySourceArn: roleArn, ActionNames: [action], ResourceArns: [resource] }));
  return results.length > 0 && results.every(({ EvalDecision }) => EvalDecision === 'allowed');
}
