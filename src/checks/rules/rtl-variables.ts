import { MAX_RATE } from '../../ingress/rate';
import { isWhole } from '../../whole-number';
import { defineRule, expect, fail, NOT_APPLICABLE, type Outcome } from '../rule';
import type { Property } from '../template/property';
import { MAX_BURST, MAX_STREAMS, MAX_WINDOW_SECONDS } from './gate-plans';
import { checkVariables, eachEnvironment, type Environment, isPresent, PROGRAMS, type VariableCheck, valueOf } from './variables';

/** Somebody relies on the limits that the variables describe, so they have to be on, in the word that every program reads. */
const isOn: VariableCheck['check'] = (value, name) => expect(value.text()?.trim() === 'true', value, `${name} is not true, so the program's limits are off`);

function isWithin(value: Property, name: string, least: number, most: number): readonly Outcome[] {
  return expect(isWhole(value.number(), least, most), value, `${name} is ${value.text() || 'empty'}, and ${least} to ${most} are what limits anybody`);
}

const between = (least: number, most: number): VariableCheck['check'] => (value, name) => isWithin(value, name, least, most);

/** The number in a variable of the same program; what is not there, or no number, bounds nothing. */
function numberIn(environment: Environment, name: string, otherwise: number): number {
  const number = valueOf(environment, name)?.number() ?? otherwise;
  return Number.isNaN(number) ? otherwise : number;
}

/** Figures without the switch that puts them in force. */
function withoutSwitch(environment: Environment, figures: RegExp, needed: string): readonly Outcome[] {
  if (!isPresent(environment, figures) || isPresent(environment, new RegExp(`^${needed}$`, 'i'))) return NOT_APPLICABLE;
  return fail(environment.place, `${environment.owner} has figures for limits and no ${needed}`);
}

/** CX-26 to CX-29. */
const BUDGET: readonly VariableCheck[] = [
  { name: /^RATE_LIMIT_ENABLED$/i, check: isOn },
  { name: /^RATE_LIMIT_RPS$/i, check: between(1, MAX_RATE) },
  { name: /^RATE_LIMIT_BURST$/i, check: (value, name, environment) => isWithin(value, name, numberIn(environment, 'RATE_LIMIT_RPS', 1), MAX_BURST) },
  { name: /^RATE_LIMIT_WINDOW_SEC$/i, check: between(1, MAX_WINDOW_SECONDS) },
];

const budget = defineRule('RTL-2', 'limiter-variables', {
  appliesTo: PROGRAMS,
  extent: 'RATE_LIMIT_* variables',
  remediation: 'Set RATE_LIMIT_ENABLED to true, RATE_LIMIT_RPS to 1 to 1000, RATE_LIMIT_BURST to no less, and RATE_LIMIT_WINDOW_SEC to 1 to 3600.',
  check: (resource) => eachEnvironment(resource, (environment) => [
    ...checkVariables(environment, BUDGET), ...withoutSwitch(environment, /^RATE_LIMIT_(RPS|BURST|WINDOW_SEC)$/i, 'RATE_LIMIT_ENABLED'),
  ]),
});

/** What the catalogue takes for a minute of heavy requests (TG-56). */
const MAX_HEAVY_PER_MINUTE = 600;
const HEAVY_RATE = 'TGEFD_HEAVY_RATE_LIMIT_PER_MINUTE';
const HEAVY_BURST = 'TGEFD_HEAVY_BURST_LIMIT';

/** TG-56, TG-57. */
const HEAVY: readonly VariableCheck[] = [
  {
    name: new RegExp(`^${HEAVY_RATE}$`, 'i'),
    check: (value, name, environment) => isWithin(value, name, 1, Math.min(MAX_HEAVY_PER_MINUTE, 60 * numberIn(environment, 'RATE_LIMIT_RPS', MAX_RATE))),
  },
  { name: new RegExp(`^${HEAVY_BURST}$`, 'i'), check: (value, name, environment) => isWithin(value, name, 1, numberIn(environment, HEAVY_RATE, MAX_HEAVY_PER_MINUTE)) },
];

const heavy = defineRule('RTL-3', 'heavy-variables', {
  appliesTo: PROGRAMS,
  extent: 'TGEFD_HEAVY_* variables',
  remediation: `Set ${HEAVY_RATE} to 1 to ${MAX_HEAVY_PER_MINUTE} and no more than RATE_LIMIT_RPS allows in a minute, and ${HEAVY_BURST} to no more than that.`,
  check: (resource) => eachEnvironment(resource, (environment) => [
    ...checkVariables(environment, HEAVY),
    ...withoutSwitch(environment, new RegExp(`^${HEAVY_RATE}$`, 'i'), HEAVY_BURST),
    ...withoutSwitch(environment, new RegExp(`^${HEAVY_BURST}$`, 'i'), HEAVY_RATE),
  ]),
});

/** CX-30, CX-31. */
const STREAMS: readonly VariableCheck[] = [
  { name: /^CONCURRENCY_LIMIT_ENABLED$/i, check: isOn },
  { name: /^MAX_CONCURRENT_STREAMS_PER_ID$/i, check: between(1, MAX_STREAMS) },
];

const streams = defineRule('RTL-4', 'stream-variables', {
  appliesTo: PROGRAMS,
  extent: 'CONCURRENCY_LIMIT_ENABLED and MAX_CONCURRENT_STREAMS_PER_ID',
  remediation: `Set CONCURRENCY_LIMIT_ENABLED to true and MAX_CONCURRENT_STREAMS_PER_ID to 1 to ${MAX_STREAMS}.`,
  check: (resource) => eachEnvironment(resource, (environment) => [
    ...checkVariables(environment, STREAMS), ...withoutSwitch(environment, /^MAX_CONCURRENT_STREAMS_PER_ID$/i, 'CONCURRENCY_LIMIT_ENABLED'),
  ]),
});

export const RTL_VARIABLE_RULES = [budget, heavy, streams];
