import { Unknown } from '../../checks/template/value';
import type { EdgeModel, JwtModel, RuleModel } from '../edge/model';
import type { Ledger } from '../emulator/ledger';
import type { GateModel } from './model';

/**
 * A model with gates, in which what only a deployment knows is what the emulator's has: the gates' environment and the load balancers' token checks, which
 * have to mean the same issuer. A model without gates stays as it is.
 */
export function withValues(model: EdgeModel, ledger: Ledger): EdgeModel {
  if (model.gates === undefined) return model;
  const fill = (text: string, template: string): string => String(ledger.resolve(new Unknown(text, 'it has holes'), template, (unresolved) => unresolved));
  const gateWith = (gate: GateModel): GateModel => ({
    ...gate,
    image: fill(gate.image, gate.place.stack),
    environment: Object.fromEntries(Object.entries(gate.environment).map(([name, value]) => [name, fill(value, gate.place.stack)])),
    storeUsers: gate.storeUsers.map((user) => ({ ...user, userName: fill(user.userName, gate.place.stack) })),
  });
  const jwtWith = (jwt: JwtModel, template: string): JwtModel => ({
    ...jwt,
    issuer: fill(jwt.issuer, template),
    jwksEndpoint: fill(jwt.jwksEndpoint, template),
    claims: jwt.claims.map((claim) => ({ ...claim, values: claim.values.map((value) => fill(value, template)) })),
  });
  const ruleWith = (rule: RuleModel): RuleModel => ({
    ...rule,
    actions: rule.actions.map((action) => {
      if (action.kind === 'jwt') return jwtWith(action, rule.place.stack);
      return action.kind === 'forward' ? { ...action, targets: action.targets.map((target) => ({ ...target, ...(target.gate && { gate: gateWith(target.gate) }) })) } : action;
    }),
  });
  return { ...model, listeners: model.listeners.map((listener) => ({ ...listener, rules: listener.rules.map(ruleWith) })), gates: model.gates.map(gateWith) };
}
