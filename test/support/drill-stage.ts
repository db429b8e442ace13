import { makeKey } from '../../src/cli/drill-key-maker';
import { Supervisor } from '../../src/drill/processes/supervisor';
import type { ProvingGround } from '../../src/drill/prove';
import { setStage as onStage, type StageOptions } from '../../src/drill/stage';
import { openToolbox } from '../../src/drill/toolbox/toolbox';
import { edgeOf } from './drilled';

/** What stands behind and beside every edge of a test, and how to start one. */
export interface Stage extends ProvingGround {
  stop(): Promise<void>;
}

/** Keys are made by the command, unless a test makes them otherwise. */
export async function setStage(options: StageOptions = {}): Promise<Stage> {
  const [supervisor, toolbox] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
  const stage = await onStage(supervisor, toolbox, { makeKey, ...options });
  return { translate: edgeOf, start: (model) => stage.start(model), stop: () => supervisor.stop() };
}
