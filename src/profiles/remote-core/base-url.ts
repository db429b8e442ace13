import * as ssm from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { Exposure } from '../../ingress/exposure';
import { invalidProp } from '../../invalid-prop';
import type { ProfileContext } from '../parts';

/** As the parameter is called, behind the environment and the place in the app. */
const NAME = 'CORE_BASE_URL';

/** What no name of a parameter begins with (Systems Manager API, PutParameter). */
const RESERVED = /^(aws|ssm)/;

/**
 * Where a platform finds the address of its Core, so that it stands in one place: `https://` and the host name, and a Core on the platform's own machine while the
 * remote one is switched off (RC-29). It comes back with the exposure, which needs an authorizer as ever (RC-30).
 */
export class BaseUrl extends Construct {
  public readonly parameter: ssm.IStringParameter;

  public constructor(scope: Construct, id: string, { environment, exposure, domainName, port }: ProfileContext) {
    super(scope, id);
    if (RESERVED.test(environment)) {
      throw invalidProp(scope, 'environment', environment, 'Call it otherwise: it begins the name of the parameter with the address, and AWS Systems Manager takes none that begins with aws or ssm.');
    }
    // What Parameter Store takes between slashes (Systems Manager API, PutParameter).
    const path = scope.node.path.replace(/[^A-Za-z0-9_.\-/]/g, '-');
    this.parameter = new ssm.StringParameter(this, 'Parameter', {
      description: `Where ${scope.node.path} of ${environment} is reached`,
      parameterName: `/${environment}/${path}/${NAME}`,
      stringValue: exposure === Exposure.OFF ? `http://localhost:${port}` : `https://${domainName}`,
    });
  }
}
