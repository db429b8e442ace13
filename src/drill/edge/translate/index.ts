import type { TemplateGraph } from '../../../checks/template/template-graph';
import { gatesOf, withGates } from '../../gate/translate';
import type { EdgeModel } from '../model';
import { Inspection } from './inspect';
import { listenersOf } from './listeners';
import { applicationLoadBalancers } from './load-balancers';
import { rulesByListener } from './rules';
import { LISTENER_CERTIFICATE } from './types';
import { UntranslatableError } from './untranslatable';
import { webAclsByLoadBalancer } from './web-acls';

export { UntranslatableError } from './untranslatable';

/** A drill that attacks nothing would look like one that everything was withstood in. */
const NOTHING = 'The templates have no listener of an application load balancer, so there is nothing to attack; give the drill the assembly that has one.';

/** What callers of one world meet at its application load balancers. Throws UntranslatableError at anything that it does not know. */
export function translate(graph: TemplateGraph): EdgeModel {
  const inspection = new Inspection();
  const balancers = applicationLoadBalancers(graph, inspection);
  const rules = rulesByListener(graph);
  const webAcls = webAclsByLoadBalancer(graph, inspection);
  const listeners = listenersOf({
    graph,
    inspection,
    applicationLoadBalancers: balancers,
    rulesOn: (listener) => rules.get(listener) ?? [],
    webAclOf: (loadBalancer) => webAcls.get(loadBalancer),
  });
  if (listeners.length === 0) throw new UntranslatableError(NOTHING);
  graph.ofType(LISTENER_CERTIFICATE).forEach((certificates) => inspection.inspect(certificates));
  const gates = gatesOf(graph);
  return gates.length === 0 ? { listeners, notEmulated: inspection.notEmulated } : { listeners: withGates(listeners, gates), notEmulated: inspection.notEmulated, gates };
}
