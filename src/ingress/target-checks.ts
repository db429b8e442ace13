import { Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { invalidProp } from '../invalid-prop';
import { isWhole } from '../whole-number';
import type { GateTarget, IngressTargetProps } from './ingress-props';
import { checkPath } from './route';
import { checkRuleCount, type RuleCount } from './route-checks';

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

/** Refuses a target that would forward what nobody has proven anything about, and what a gate could not be asked for. */
export function checkGateTarget(scope: Construct, gate: GateTarget | undefined, rules: RuleCount & { readonly isGateOnly: boolean }): void {
  if (!gate) {
    if (rules.isGateOnly) throw invalidProp(scope, 'authorizer', 'Authorizer.gateOnly', 'Forward to a CoreService: only its gate asks for what this load balancer lets through unproven.');
    return;
  }
  if (gate.publicHealthPath !== undefined) checkPath(scope, 'publicHealthPath', gate.publicHealthPath);
  checkRuleCount(scope, { ...rules, anonymous: (gate.preflight ? 1 : 0) + (gate.publicHealthPath === undefined ? 0 : 1) });
}
