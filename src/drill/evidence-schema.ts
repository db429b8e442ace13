import Ajv, { type JTDSchemaType } from 'ajv/dist/jtd';
import { CONTROL_IDS } from '../controls';
import type { Place } from './edge/model';
import type { Evidence } from './evidence';

const TEXT = { type: 'string' } as const;
const CONTROL = { enum: CONTROL_IDS };

const PLACE: JTDSchemaType<Place> = { properties: { stack: TEXT, logicalId: TEXT }, optionalProperties: { constructPath: TEXT } };

/** The shape of evidence; the compiler holds it to the type, and members it does not name are refused. */
const SCHEMA: JTDSchemaType<Omit<Evidence, 'version'> & { readonly version: number }> = {
  properties: {
    version: { type: 'uint32' },
    templates: { elements: { properties: { stack: TEXT, file: TEXT, sha256: TEXT } } },
    parameters: { elements: { properties: { name: TEXT }, optionalProperties: { value: TEXT } } },
    engines: { elements: TEXT },
    attacks: {
      elements: {
        properties: {
          attack: TEXT,
          control: CONTROL,
          evidence: { enum: ['real-artefact', 'template-intent'] },
          tries: TEXT,
          expects: TEXT,
          target: PLACE,
          verdict: { enum: ['withstood', 'succeeded', 'inconclusive'] },
          saw: TEXT,
          transcript: { elements: TEXT },
        },
      },
    },
    proofs: {
      elements: {
        properties: { attack: TEXT, control: CONTROL, saboteur: TEXT, verdict: { enum: ['withstood', 'succeeded', 'inconclusive', 'not-applicable'] }, saw: TEXT },
      },
    },
    readbacks: {
      elements: {
        properties: { control: CONTROL, place: PLACE, type: TEXT, property: TEXT, verdict: { enum: ['same', 'different', 'not-held'] }, saw: TEXT },
      },
    },
    notEmulated: { elements: { properties: { place: PLACE, type: TEXT, property: TEXT, reason: TEXT } } },
    noTarget: { elements: { properties: { attack: TEXT, control: CONTROL, reason: TEXT } } },
  },
  optionalProperties: {
    artefacts: { elements: { properties: { place: PLACE, name: TEXT, sha256: TEXT, deployed: { type: 'boolean' } } } },
  },
};

const isShapedLikeEvidence = new Ajv().compile<Evidence>(SCHEMA);

/** What is wrong with something that claims to be evidence, as the end of a sentence; undefined where nothing is. */
export function malformedIn(content: unknown): string | undefined {
  const version = typeof content === 'object' && content !== null && 'version' in content ? content.version : undefined;
  if (version !== 1) return 'its version is not 1';
  if (!isShapedLikeEvidence(content)) {
    const [error] = isShapedLikeEvidence.errors ?? [];
    return `${error?.instancePath === '' ? 'it' : error?.instancePath ?? 'it'} ${error?.message ?? 'has another shape'}`;
  }
  return contradictionIn(content);
}

/** What no schema sees: evidence that does not belong together would be shown under a control it says nothing about. */
function contradictionIn({ templates, attacks, proofs, readbacks, noTarget }: Evidence): string | undefined {
  const digest = templates.find(({ sha256 }) => !/^[0-9a-f]{64}$/.test(sha256));
  if (digest) return `the digest of ${digest.stack} is no SHA-256`;
  if (templates.length === 0) return 'it names no template';
  const stray = [...attacks, ...proofs, ...noTarget].find(({ attack, control }) => !attack.startsWith(`${control}.`));
  if (stray) return `the attack ${stray.attack} is not one of ${stray.control}`;
  const stacks = new Set(templates.map(({ stack }) => stack));
  const elsewhere = [...attacks.map(({ target }) => target), ...readbacks.map(({ place }) => place)].find(({ stack }) => !stacks.has(stack));
  if (elsewhere) return `it speaks of ${elsewhere.stack}/${elsewhere.logicalId}, and no template of it is called ${elsewhere.stack}`;
  const carriedOut = new Set(attacks.map(({ attack }) => attack));
  const both = noTarget.find(({ attack }) => carriedOut.has(attack));
  if (both) return `it holds the attack ${both.attack}, which it says has no target`;
  const known = new Set([...attacks, ...noTarget].map(({ attack }) => attack));
  const orphan = proofs.find(({ attack }) => !known.has(attack));
  return orphan && `it proves the attack ${orphan.attack}, which it does not hold`;
}
