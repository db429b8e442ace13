import { preflight } from '../../cert/preflight';
import type { DoctorAws, ExaminedListener } from '../aws';
import { answerOf, OK, type Result, unknown, wrong } from '../examine';

/** Days of validity that `cert` asks for as well where nobody says how many. */
const MIN_DAYS = 30;

/** What `cert` says of the certificates that a listener presents by now. */
export async function examineCertificates(aws: DoctorAws, path: string, { Certificates = [], hosts }: ExaminedListener, now: Date, region: string | undefined): Promise<readonly Result[]> {
  const arns = Certificates.flatMap(({ CertificateArn }) => CertificateArn ?? []);
  // A name stands on one of several, which the listener tells of one by one elsewhere.
  const expected = { names: hosts, minDays: MIN_DAYS, ...(region !== undefined && { region }) };
  const asked = await answerOf(() => preflight({ arns, expected }, (arn) => aws.certificateOf(arn), now));
  if ('why' in asked) return [{ item: 'certificates.fit', path, judged: unknown(asked.why) }];
  const faults = (asked.answer ?? []).flatMap(({ checks }) => checks.filter(({ verdict }) => verdict === 'wrong'));
  if (faults.length === 0) return arns.length === 0 ? [] : [{ item: 'certificates.fit', path, judged: OK }];
  return faults.map(({ says }) => ({ item: 'certificates.fit', path, judged: wrong(says) }));
}
