import { startEdge, type RunningEdge } from '../../src/drill/edge/envoy/edge';
import type { EdgeModel, ListenerModel } from '../../src/drill/edge/model';
import { Supervisor } from '../../src/drill/processes/supervisor';
import type { ClientCertificate } from '../../src/drill/scene';
import { startIssuer, type IssuerService } from '../../src/drill/services/issuer';
import { createPki, type Pki } from '../../src/drill/services/pki';
import { startSampleCore, type CoreAnswer, type SampleCore } from '../../src/drill/services/sample-core';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import { call, type Call, type Reply } from '../drill/edge/envoy/caller';

/** What stands around an edge of a test, and the edge itself. */
export interface EdgeStand {
  readonly supervisor: Supervisor;
  readonly envoy: string;
  readonly pki: Pki;
  readonly core: SampleCore;
  readonly issuer: IssuerService;
  readonly running: RunningEdge;
  to(target: ListenerModel, request?: Call): Promise<Reply>;
}

export async function openEdge(model: EdgeModel): Promise<EdgeStand> {
  const [supervisor, { envoy }, pki, core, issuer] = await Promise.all([Supervisor.open(), openToolbox(() => undefined), createPki(), startSampleCore(), startIssuer()]);
  supervisor.onStop(() => core.stop());
  supervisor.onStop(() => issuer.stop());
  const running = await startEdge(model, { supervisor, envoy, pki, core, issuer });
  const to: EdgeStand['to'] = (target, request = {}) => call(running.address(target).port, { ...target.tls && { tls: {} }, ...request });
  return { supervisor, envoy, pki, core, issuer, running, to };
}

/** The request as the Core received it. */
export function seen({ body }: Reply): CoreAnswer {
  return JSON.parse(body) as CoreAnswer;
}

/** A caller with a certificate, who says besides that he is somebody else. */
export function asClient({ certificatePem: cert, privateKeyPem: key }: ClientCertificate): Call {
  return { tls: { cert, key }, headers: [['X-Amzn-Mtls-Clientcert-Subject', 'CN=admin'], ['X-Amzn-Mtls-Clientcert', 'mine']] };
}
