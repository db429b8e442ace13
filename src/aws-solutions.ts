import { type ArnComponents, Stack, Token, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Answers a finding of cdk-nag's AwsSolutions where it arises, so that whoever registers that pack beside ours need not.
 *
 * What its other packs say of the same places has other names, and is explained in bench/side-by-side.
 *
 * @param rule as the pack writes it, with what it found in brackets where it does
 */
export function answerAwsSolutions(construct: IConstruct, rule: string, reason: string): void {
  Validations.of(construct).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
}

/** An ARN of the construct's region and account as that pack shows it: what only a deployment knows in angle brackets. */
export function shownArn(construct: IConstruct, { service, resource }: Pick<ArnComponents, 'service' | 'resource'>): string {
  const { region, account } = Stack.of(construct);
  const shown = (value: string, pseudo: string): string => (Token.isUnresolved(value) ? `<AWS::${pseudo}>` : value);
  return `arn:<AWS::Partition>:${service}:${shown(region, 'Region')}:${shown(account, 'AccountId')}:${resource}`;
}
