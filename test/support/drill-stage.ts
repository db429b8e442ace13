import { Supervisor } from '../../src/drill/processes/supervisor';
import type { ProvingGround } from '../../src/drill/prove';
import { setStage as onStage } from '../../src/drill/stage';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import { edgeOf } from './drilled';

/** What stands behind and beside every edge of a test, and how to start one. */
export interface Stage extends ProvingGround {
  stop(): Promise<void>;
}

export async function setStage(): Promise<Stage> {
  const [supervisor, toolbox] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
  const stage = await onStage(supervisor, toolbox);
  return { translate: edgeOf, start: (model) => stage.start(model), stop: () => supervisor.stop() };
}
