import { App, Stack } from 'aws-cdk-lib';
import { Template as Assertions } from 'aws-cdk-lib/assertions';
import { Authorizer } from '../../src';
import type { Template } from '../../src/checks/template/template';
import { graphsOf } from '../../src/checks/template/template-graph';
import type { EdgeModel } from '../../src/drill/edge/model';
import { translate } from '../../src/drill/edge/translate';
import { internetCoreTemplate } from './core-variants';
import { completeEdge } from './edge-complete';
import { gateTemplate, TOKENS_OR_KEYS } from './gate-template';
import { plainJwtEdge, plainMtlsEdge } from './plain-edge';
import { JWT, remoteCore } from './remote-core';

/** The example's Core, with the lowest limit that leaves one caller what his plan grants. */
export function remoteCoreTemplate(): Template {
  const stack = new Stack(new App({ analyticsReporting: false }), 'RemoteCore');
  remoteCore(stack, { ingress: { webAcl: { rateLimit: 600 } }, authorizer: Authorizer.jwt({ ...JWT, scope: 'core/invoke' }) });
  return { name: stack.stackName, body: Assertions.fromStack(stack).toJSON() };
}

/** One template with our constructs and four without. */
export const DRILLED = {
  'a Core on the open internet': internetCoreTemplate,
  'plain CDK with tokens': plainJwtEdge,
  'plain CDK with client certificates': plainMtlsEdge,
  'a door that shuts on demand': completeEdge,
  'a gate in a task': () => gateTemplate({ ...TOKENS_OR_KEYS, metrics: { ...TOKENS_OR_KEYS.metrics, port: 9464 } }),
} as const;

/** What callers meet in the first world of some templates. */
export function edgeOf(templates: readonly Template[]): EdgeModel {
  const [graph] = graphsOf(templates);
  if (graph === undefined) throw new Error('No world was found.');
  return translate(graph);
}
