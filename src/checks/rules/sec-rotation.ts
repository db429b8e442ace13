import { ROTATION_BY_ISSUER_METADATA, ROTATION_EXEMPT_METADATA } from '../../secrets/contract';
import { all, defineRule, each, expect, fail, NOT_APPLICABLE, type Outcome, undecidable } from '../rule';
import type { Property } from '../template/property';
import type { Resource } from '../template/resource';
import type { TemplateGraph } from '../template/template-graph';
import { functionAt, mayBeCalled } from './function-calls';
import { cadenceOf } from './rotation-cadence';
import { looseSchedules, metadataText, ROTATION_SCHEDULE, schedulesOf, SECRET, secretAt } from './secrets';

/** How long a value may stand, in days: our figure, between TG-62's thirty, which only machines keep, and the year of a key's issuer. */
const MAX_DAYS = 90;

/** An issuer's key is renewed by hand, and no less often than once a year. */
const MAX_ISSUER_DAYS = 365;

/** What rotates, by whom: a function of the template, or one that AWS hosts. */
function isGood(schedule: Resource): readonly Outcome[] {
  return all(
    () => {
      const rules = schedule.prop('RotationRules');
      const days = cadenceOf(rules);
      if (days === undefined) return fail(schedule.prop('RotationRules'), 'say nothing of when the secret is rotated');
      return expect(days > 0 && days <= MAX_DAYS, rules, Number.isNaN(days) ? 'have an expression that is no schedule' : `rotate after ${Math.ceil(days)} days; 1 to ${MAX_DAYS} are taken`);
    },
    () => {
      const [own, hosted] = [schedule.prop('RotationLambdaARN'), schedule.prop('HostedRotationLambda')];
      return expect(own.exists || hosted.exists, own, 'is not set, so nothing rotates the secret');
    },
  );
}

function exemption(secret: Resource): readonly Outcome[] | undefined {
  const [reason, days] = [metadataText(secret, ROTATION_EXEMPT_METADATA), metadataText(secret, ROTATION_BY_ISSUER_METADATA)];
  if (days !== undefined) {
    const whole = Number(days);
    return expect(Number.isInteger(whole) && whole >= 1 && whole <= MAX_ISSUER_DAYS, secret.whole, `is overdue after ${days} days by its metadata; 1 to ${MAX_ISSUER_DAYS} are taken`);
  }
  if (reason === undefined) return undefined;
  return expect(reason !== '', secret.whole, `is exempt from rotation by its metadata (${ROTATION_EXEMPT_METADATA}), which gives no reason`);
}

const schedule = defineRule('SEC-3', 'schedule', {
  appliesTo: [SECRET],
  remediation: `Add an AWS::SecretsManager::RotationSchedule of 1 to ${MAX_DAYS} days; where only an issuer can renew the value say` +
    ` after how many days it is overdue (Metadata ${ROTATION_BY_ISSUER_METADATA}), else why it is not rotated (Metadata ${ROTATION_EXEMPT_METADATA}).`,
  check(secret, graph) {
    const schedules = schedulesOf(secret, graph);
    if (schedules.length > 0) return each(schedules, isGood);
    const exempt = exemption(secret);
    if (exempt) return exempt;
    const [unknown] = looseSchedules(graph);
    if (unknown) return undecidable(secret.whole, `has no rotation schedule, unless ${unknown.logicalId}, whose secret is known only when deployed, is one`);
    return fail(secret.whole, 'has no rotation schedule, so its value stays the same for ever');
  },
});

/** Whether a source that a permission names is the secret of a schedule; one that ends in a star is every secret of the account. */
function isOf(rotated: Resource, source: Property, graph: TemplateGraph): boolean {
  const secret = secretAt(rotated.prop('SecretId'), rotated, graph);
  return secret === undefined || secretAt(source, rotated, graph) === secret || /:secret:\*?$|\*$/.test(source.partialText().text);
}

/**
 * Secrets Manager looks at the permissions of a function when a schedule comes to name it (Secrets Manager guide, "Troubleshoot rotation"), and not again when
 * a permission goes: then the schedule stays, and every rotation fails.
 */
const invoke = defineRule('SEC-3', 'invoke', {
  extent: 'functions of the templates',
  appliesTo: [ROTATION_SCHEDULE],
  remediation: 'Add an AWS::Lambda::Permission that lets secretsmanager.amazonaws.com call the function, with the secret as its SourceArn.',
  check(rotated, graph) {
    const place = rotated.prop('RotationLambdaARN');
    const fn = functionAt(place);
    // A mere hole may turn out to be a function of the templates; an ARN that is written out is somebody else's to let in.
    if (!fn && /^\$\{[^}]*\}$/.test(place.partialText().text)) place.text();
    if (!fn) return NOT_APPLICABLE;
    const outcomes = mayBeCalled(fn, 'secretsmanager.amazonaws.com', (source) => isOf(rotated, source, graph), graph);
    return outcomes.length > 0 ? outcomes : fail(place, `is ${fn.logicalId}, which Secrets Manager may not call for this secret, so that every rotation fails`);
  },
});

export const SEC_ROTATION_RULES = [schedule, invoke];
