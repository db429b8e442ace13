import { CreateLogStreamCommand, FilterLogEventsCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { Resource } from '../../../checks/template/resource';
import { listed } from '../../../listed';
import type { AttackResult } from '../../attack';
import { maskOf } from '../../delivery/masking-policy';
import type { KeepingScene } from '../scene';

/** Made up and put together here, so that no scanner takes them for leaks. */
const CANARIES: Readonly<Record<string, string>> = {
  'e-mail address': ['drill.person', 'example.com'].join('@'),
  'API key': ['ctx', 'drill0123456789abcdef'].join('_'),
  'token': ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiJkcmlsbCJ9', 'c2lnbmF0dXJlLW9mLWEtZHJpbGw'].join('.'),
};

/** As a gate writes, and as a Core might. */
const LINES: readonly ((canary: string) => string)[] = [
  (canary) => JSON.stringify({ level: 'warn', event: 'drill', message: canary }),
  (canary) => `INFO request of ${canary} was served`,
];

const BY_POLICY = 'The emulator keeps lines as they are, so the group\'s data-protection policy is read and applied here; AWS\'s own identifiers by patterns of the drill\'s.';

/** Whether a log group hides what tells of a person or lets somebody in. */
export async function maskedIn(scene: KeepingScene, group: Resource): Promise<AttackResult> {
  const logGroupName = scene.id(group);
  if (logGroupName === undefined) throw new Error(`the emulator has no log group for ${group.logicalId}.`);
  const written = Object.entries(CANARIES).flatMap(([name, canary]) => LINES.map((line) => ({ name, canary, message: line(canary) })));
  const read = await readBack(scene, logGroupName, written.map(({ message }) => message));
  const isMaskedThere = written.every(({ canary }) => !read.some((line) => line.includes(canary)));
  scene.note(isMaskedThere ? 'The emulator masks them itself.' : BY_POLICY);
  const mask = isMaskedThere ? (line: string): string => line : maskOf(scene.propertiesOf(group).DataProtectionPolicy);
  const told = [...new Set(written.filter(({ canary, message }) => (isMaskedThere ? read : [mask(message)]).some((line) => line.includes(canary))).map(({ name }) => name))];
  if (told.length > 0) return { verdict: 'succeeded', saw: `Whoever reads the log group finds: ${listed(told, told.length)}.` };
  return { verdict: 'withstood', saw: `None of ${written.length} lines shows what is in it.` };
}

async function readBack({ aws: { logs } }: KeepingScene, logGroupName: string, messages: readonly string[]): Promise<string[]> {
  const logStreamName = `drill-masked-${Date.now()}`;
  await logs.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  await logs.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents: messages.map((message) => ({ timestamp: Date.now(), message })) }));
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, logStreamNames: [logStreamName] }));
  if (events.length < messages.length) throw new Error(`of ${messages.length} lines the emulator gives ${events.length} back.`);
  return events.map(({ message = '' }) => message);
}
