/** Where something is, as its ARN has it; empty where an ARN leaves it out (IAM guide, "Amazon resource names"). */
export function regionAndAccountOf(arn: string): { readonly region: string; readonly account: string } {
  const [, , , region = '', account = ''] = arn.split(':');
  return { region, account };
}
