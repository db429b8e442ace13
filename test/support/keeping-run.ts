import type { Template } from '../../src/checks/template/template';
import type { AssetFiles } from '../../src/drill/emulator/assets';
import { ground } from '../../src/drill/emulator/ground';
import { onlyGraph } from '../../src/drill/emulator/only-graph';
import type { AttackRecord, ProofRecord } from '../../src/drill/evidence';
import { attackKeeping, type KeepingAttack, keepingGround, type KeepingModel, proveKeeping } from '../../src/drill/keeping';
import { Supervisor } from '../../src/drill/processes/supervisor';
import type { AttackEvidence } from '../../src/drill/run-attacks';
import { openToolbox } from '../../src/drill/toolbox/toolbox';

const SOMEWHERE = { account: '111122223333', region: 'eu-central-1', parameters: new Map<string, string>() };
const translate = (templates: readonly Template[]): KeepingModel => ({ graph: onlyGraph(templates.map((template) => ground(template, SOMEWHERE))) });

export interface KeepingRun {
  readonly evidence: AttackEvidence;
  readonly proofs: readonly ProofRecord[];
}

export interface KeepingRuns {
  /** Carries out attacks on templates, and proves that each can fail. */
  of(attacks: readonly KeepingAttack[], templates: readonly Template[], assets?: AssetFiles): Promise<KeepingRun>;
  stop(): Promise<void>;
}

export async function keepingRuns(): Promise<KeepingRuns> {
  const [supervisor, toolbox] = await Promise.all([Supervisor.open(), openToolbox(() => undefined)]);
  return {
    of: async (attacks, templates, assets = new Map()) => {
      const standing = keepingGround({ supervisor, toolbox, ...SOMEWHERE, assets });
      return { evidence: await attackKeeping(attacks, translate(templates), templates, standing), proofs: await proveKeeping(attacks, templates, { ...standing, translate }) };
    },
    stop: () => supervisor.stop(),
  };
}

export const told = ({ attack, verdict, saw }: AttackRecord | ProofRecord): string => `${attack}: ${verdict}. ${saw}`;
