/** The part of the package that the stack uses: it is no dependency of the repository, see ../solutions-constructs.ts. */
declare module '@aws-solutions-constructs/aws-alb-fargate' {
  import type { BaseApplicationListenerProps } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
  import { Construct } from 'constructs';

  export interface AlbToFargateProps {
    readonly publicApi: boolean;
    readonly ecrRepositoryArn?: string;
    readonly ecrImageVersion?: string;
    readonly listenerProps?: BaseApplicationListenerProps;
  }

  export class AlbToFargate extends Construct {
    public constructor(scope: Construct, id: string, props: AlbToFargateProps);
  }
}
