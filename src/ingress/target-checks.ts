import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';
import type { IngressTargetProps } from './ingress-props';

export const MAX_PORT = 65_535;

export const HEALTH_CHECK_PATH_TODO = 'Name a path that starts with a slash, such as /health.';

/** A path of at most 1024 characters (ELB API), without a query. */
export function isHealthCheckPath(path: string): boolean {
  return /^\/[^\s?#]{0,1023}$/.test(path);
}

export function checkTarget(scope: Construct, { port, healthCheckPath }: IngressTargetProps): void {
  if (!Token.isUnresolved(port) && !isWhole(port, 1, MAX_PORT)) throw invalidProp(scope, 'port', port, `Name a port from 1 to ${MAX_PORT}.`);
  if (!Token.isUnresolved(healthCheckPath) && !isHealthCheckPath(healthCheckPath)) throw invalidProp(scope, 'healthCheckPath', healthCheckPath, HEALTH_CHECK_PATH_TODO);
}
