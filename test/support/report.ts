import { createHash } from 'node:crypto';
import { judge } from '../../src/checks/judge';
import { Acknowledgements } from '../../src/checks/acknowledgements';
import type { Template } from '../../src/checks/template/template';
import { graphsOf, TemplateGraph } from '../../src/checks/template/template-graph';
import type { ControlId } from '../../src/controls';
import { EVERY_ATTACK } from '../../src/drill/every-attack';
import type { Evidence } from '../../src/drill/evidence';
import { type ControlRow, joinReport, type Report } from '../../src/report/join';
import type { KnownAttack } from '../../src/report/known-attack';
import { judgedResources } from '../../src/report/judged-resources';
import type { TypedProof } from '../../src/report/judge-cells';
import { OwnConstructs } from '../../src/report/own-constructs';
import { requestPathsOf } from '../../src/report/request-path-facts';
import type { TypedPrograms } from '../../src/report/typed-programs';

export const PROGRAMS: TypedPrograms = {
  version: 1,
  library: '1.0.0',
  compiler: '5.9.3',
  digest: createHash('sha256').update('').digest('hex'),
  programs: [{ title: 'tls 1 0', controls: ['TLS-2'], code: 'TS2322', message: 'Type \'SslPolicy.LEGACY\' is not assignable to type \'TlsFloor\'.' }],
};

/** A construct tree with this library's constructs at the paths. */
export function treeWith(...paths: readonly string[]): OwnConstructs {
  const children = Object.fromEntries(paths.map((path) => [path, { path, constructInfo: { fqn: 'cdk-secure-core.SecureCore', version: '1.0.0' } }]));
  const constructs = OwnConstructs.inTree({ tree: { path: '', children } });
  if (!constructs) throw new Error('The tree is no tree.');
  return constructs;
}

export interface Artefacts {
  readonly evidence?: Evidence;
  readonly typed?: TypedProof;
  readonly acknowledgements?: Acknowledgements;
  /** @default - those that the evidence holds */
  readonly attacks?: readonly KnownAttack[];
}

/** What a version would know whose whole evidence this is. */
function attacksOf({ attacks, noTarget, proofs }: Pick<Evidence, 'attacks' | 'noTarget' | 'proofs'>): KnownAttack[] {
  const saboteursOf = (id: string): KnownAttack['saboteurs'] => proofs.filter(({ attack }) => attack === id).map(({ saboteur }) => ({ name: saboteur }));
  return [
    ...attacks.map(({ attack, control, evidence }) => ({ id: attack, control, evidence, saboteurs: saboteursOf(attack) })),
    ...noTarget.map(({ attack, control }) => ({ id: attack, control, evidence: 'template-intent' as const, saboteurs: [] })),
  ];
}

export function reportOf(
  templates: readonly Template[],
  { evidence, typed, acknowledgements = new Acknowledgements(), attacks = evidence ? attacksOf(evidence) : EVERY_ATTACK }: Artefacts = {},
): Report {
  return joinReport({
    templates: [],
    parameters: [],
    attacks,
    judgement: judge(templates, { acknowledgements }),
    judged: judgedResources(graphsOf(templates)),
    paths: requestPathsOf(new TemplateGraph(templates)),
    typed: typed ?? { programs: undefined, constructs: undefined },
    ...(evidence ? { evidence } : {}),
  });
}

export function rowOf(report: Report, control: ControlId): ControlRow {
  const row = report.rows.find((candidate) => candidate.control === control);
  if (!row) throw new Error(`${control} has no row.`);
  return row;
}
