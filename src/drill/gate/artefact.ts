import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { AssetFiles } from '../emulator/assets';
import type { EdgeModel, NotEmulated } from '../edge/model';
import type { ArtefactRecord } from '../evidence';
import type { GateModel } from './model';

/** What a gate's container runs. */
export interface GateArtefact {
  readonly file: string;
  /** Of the file, hex. */
  readonly sha256: string;
  /** Whether it is the assembly's own: what a deployment runs. The package's gate takes the place of an image that is kept elsewhere. */
  readonly isDeployed: boolean;
}

const ENTRY = 'index.js';

/** Seen from src/drill/gate and lib/drill/gate, and from the bundled command line. */
const OURS = ['../../../assets/runtime/gate', '../runtime/gate'].map((folder) => path.resolve(__dirname, folder));

/** The gate's code: of the assembly, where the task definition's image is one of its assets. */
export function artefactOf({ image }: GateModel, assets: AssetFiles): GateArtefact {
  const hash = image.slice(image.lastIndexOf(':') + 1);
  const deployed = [assets.get(hash)].flatMap((folder) => (folder === undefined ? [] : [path.join(folder, ENTRY)])).find((file) => existsSync(file));
  const file = deployed ?? OURS.map((folder) => path.join(folder, ENTRY)).find((each) => existsSync(each));
  if (file === undefined) throw new Error('The gate\'s code is not in this package: build it first (npm run bundle).');
  return { file, sha256: createHash('sha256').update(readFileSync(file)).digest('hex'), isDeployed: deployed !== undefined };
}

/** What evidence says of the gates' code. */
export function artefactsOf(gates: readonly GateModel[], assets: AssetFiles): ArtefactRecord[] {
  return gates.map((gate) => {
    const { file, sha256, isDeployed } = artefactOf(gate, assets);
    return { place: gate.place, name: `gate/${path.basename(file)}`, sha256, deployed: isDeployed };
  });
}

/** Gates whose image is not at hand. */
export function gatesElsewhere({ gates = [] }: EdgeModel, assets: AssetFiles): NotEmulated[] {
  return gates.filter((gate) => !artefactOf(gate, assets).isDeployed).map(({ place, container }) => ({
    place, type: 'AWS::ECS::TaskDefinition', property: `ContainerDefinitions.${container}.Image`, reason: 'the image is no asset of the assembly; this package\'s own gate ran in its place',
  }));
}
