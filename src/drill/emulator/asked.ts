import type { JsonMap } from '../../checks/template/template';
import type { Pointer } from './references';

/** Outputs of the drill's own, by which the engine is asked what `Fn::GetAtt` gives. */
const ASKED = 'DrillAsks';
/** A template holds 200 outputs at most (AWS: "AWS CloudFormation quotas"). */
const MAX_OUTPUTS = 190;

/** Outputs that ask, and how to read the answers. */
export interface Asked {
  readonly outputs: JsonMap;
  read(logicalId: string, answered: ReadonlyMap<string, string>): Readonly<Record<string, string>>;
}

export function isAsked(output: string): boolean {
  return output.startsWith(ASKED);
}

/**
 * One output for every few attributes, since a template holds few outputs.
 *
 * @param taken how many outputs the template has itself
 */
export function askFor(keys: readonly Pointer[], taken: number): Asked {
  const share = Math.max(1, Math.ceil(keys.length / Math.max(1, MAX_OUTPUTS - taken)));
  const outputs = Object.fromEntries(Array.from({ length: Math.ceil(keys.length / share) }, (_, index) => [
    `${ASKED}${index}`,
    { Value: { 'Fn::Join': ['\n', keys.slice(index * share, (index + 1) * share).map(({ logicalId, attribute }) => ({ 'Fn::GetAtt': [logicalId, attribute] }))] } },
  ]));
  return {
    outputs,
    read: (logicalId, answered) => Object.fromEntries(keys.flatMap(({ logicalId: id, attribute }, index) => {
      const value = id === logicalId ? answered.get(`${ASKED}${Math.floor(index / share)}`)?.split('\n')[index % share] : undefined;
      return value === undefined ? [] : [[attribute, value] as const];
    })),
  };
}
