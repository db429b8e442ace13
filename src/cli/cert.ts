import { domainToASCII } from 'node:url';
import type { Paint } from '../report/paint';
import { type Describe, describeIn, isCertificateArn } from './cert/acm';
import type { CheckedCertificate, Expectations } from './cert/checked';
import { tlsListeners } from './cert/listeners';
import { type Asked, preflight } from './cert/preflight';
import { certText } from './cert/text';
import { readInput } from './inputs';
import { parametersFrom } from './parameters';
import { UsageError } from './usage-error';

export interface CertOptions {
  readonly name: readonly string[];
  readonly region?: string;
  readonly inUseBy?: string;
  /** As the user wrote it. */
  readonly days: string;
  readonly format: 'text' | 'json';
  /** `Name=Value` pairs. */
  readonly parameter: readonly string[];
}

/** What a run needs of the world. */
export interface CertWorld {
  readonly describe: Describe;
  readonly now: Date;
}

/** Asks ACM about one certificate, or about those of a template's listeners; true where nothing is wrong. */
export async function cert(
  subject: string, options: CertOptions, paint: Paint, print: (text: string) => void, world: CertWorld = { describe: describeIn(), now: new Date() },
): Promise<boolean> {
  const { asked, madeByStack } = subject.startsWith('arn:') ? askedFor(subject, options) : askedIn(subject, options);
  const certificates: CheckedCertificate[] = [];
  for (const one of asked) certificates.push(...await preflight(one, world.describe, world.now));
  const isOk = certificates.every(({ checks }) => checks.every(({ verdict }) => verdict !== 'wrong'));
  print(options.format === 'json' ? `${JSON.stringify({ ok: isOk, certificates, madeByStack }, undefined, 2)}\n` : certText(certificates, madeByStack, paint));
  return isOk;
}

interface Subjects {
  readonly asked: readonly Asked[];
  readonly madeByStack: readonly string[];
}

function askedFor(arn: string, options: CertOptions): Subjects {
  if (options.parameter.length > 0) throw new UsageError('--parameter is for templates: a certificate has none.');
  return { asked: [{ arns: [known(arn)], expected: expectations(options, [], options.region) }], madeByStack: [] };
}

function askedIn(location: string, options: CertOptions): Subjects {
  const { templates, environment } = readInput(location);
  const listeners = tlsListeners(templates, parametersFrom(options.parameter, templates));
  if (listeners.length === 0) throw new UsageError(`${location} has no listener with a certificate: there is nothing to ask ACM about.`);
  const region = options.region ?? environment.region;
  return {
    // Which of the hosts a certificate is for that is yet to be made, nobody can ask ACM.
    asked: listeners.map(({ certificates, madeByStack, hosts }) => ({ arns: certificates.map(known), expected: expectations(options, madeByStack.length > 0 ? [] : hosts, region) })),
    madeByStack: [...new Set(listeners.flatMap(({ madeByStack }) => madeByStack))],
  };
}

function expectations({ name, inUseBy, days }: CertOptions, hosts: readonly string[], region: string | undefined): Expectations {
  if (!/^\d{1,4}$/.test(days)) throw new UsageError(`--days ${days}: give a whole number of days, such as 30.`);
  // Certificates hold names as DNS does.
  const typed = name.map((one) => domainToASCII(one) || one);
  const bad = typed.find((one) => !/^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?$/i.test(one));
  if (bad !== undefined) throw new UsageError(`--name ${bad}: give a host name such as core.acme.internal, without scheme, port or path.`);
  if (inUseBy !== undefined && !inUseBy.startsWith('arn:')) throw new UsageError(`--in-use-by ${inUseBy}: give the ARN of the load balancer.`);
  return { names: [...new Set([...hosts, ...typed])], minDays: Number(days), ...(region === undefined ? {} : { region }), ...(inUseBy === undefined ? {} : { inUseBy }) };
}

function known(arn: string): string {
  if (!isCertificateArn(arn)) throw new UsageError(`${arn} is not the ARN of a certificate in AWS Certificate Manager, such as arn:aws:acm:eu-central-1:111122223333:certificate/…`);
  return arn;
}
