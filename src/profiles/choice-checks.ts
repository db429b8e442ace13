import type { IConstruct } from 'constructs';
import type { GateOptions, GatePlainOptions } from '../gate/gate-props';
import type { IngressOptions, IngressProps } from '../ingress/ingress-props';
import { invalidProp } from '../invalid-prop';
import type { ProfiledCoreProps } from './profiled-core-props';

/** What of a gate and of an ingress a profile says itself: objects of wider types are assignable, and what is in them would be lost or would contradict it. */
const PROFILES_GATE: Readonly<Record<Exclude<keyof GateOptions, keyof GatePlainOptions | 'ratePlan'>, true>> = {
  identityHeader: true, scopesHeader: true, removedHeaders: true, roles: true, certificateScopes: true, cors: true, coreKey: true, passes: true, keySets: true, keySetFetch: true,
};
const PROFILES_INGRESS: Readonly<Record<Exclude<keyof IngressProps, keyof IngressOptions>, true>> = { routes: true, admin: true, additionalListener: true };

/** Refuses choices that a compiler lets through: a text of the context that is taken for a boolean opens what was to stay closed. */
export function checkChoices(scope: IConstruct, { internetFacing, gate = {}, ingress }: ProfiledCoreProps): void {
  if (internetFacing !== undefined && typeof internetFacing !== 'boolean') throw invalidProp(scope, 'internetFacing', internetFacing, 'Name true or false: a text is neither.');
  for (const [prop, given, own] of [['gate', gate, PROFILES_GATE], ['ingress', ingress, PROFILES_INGRESS]] as const) {
    const [lost] = Object.entries(given).flatMap(([name, value]) => (value !== undefined && Object.hasOwn(own, name) ? [name] : []));
    if (lost !== undefined) throw invalidProp(scope, `${prop}.${lost}`, 'given', 'The profile says it itself: take it out, or name it among the props of the profile where it has one of that kind.');
  }
}
