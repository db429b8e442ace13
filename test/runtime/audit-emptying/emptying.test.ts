import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { S3Client } from '@aws-sdk/client-s3';
import { EMPTIED_TAG } from '../../../src/audit/contract';
import { emptyAll } from '../../../src/runtime/audit-emptying/empty';
import { handle } from '../../../src/runtime/audit-emptying/handle';
import { S3Versions } from '../../../src/runtime/audit-emptying/s3-versions';
import { OutOfTime, type ResourceEvent } from '../../../src/runtime/shared/custom-resource';

interface Held {
  /** Newest first, `key?versionId`; a marker ends with `!`. */
  versions: string[];
  isMarked: boolean;
  /** Keys that cannot be deleted, whoever asks. */
  readonly compliant: Set<string>;
}

const PAGE = 1000;
const ns = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

/** As much of Amazon S3 as the function asks, over a real socket: lists pages of 1000, and deletes what is locked only for who says that he bypasses the lock. */
class S3Stub {
  public readonly buckets = new Map<string, Held>();
  public readonly asked: string[] = [];
  private readonly server: Server = createServer((request, response) => void this.answer(request, response));

  public async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  public async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  public hold(name: string, count: number, changes: Partial<Held> = {}): Held {
    const held: Held = { versions: Array.from({ length: count }, (_, index) => `object-${index}?v${index}`), isMarked: true, compliant: new Set(), ...changes };
    this.buckets.set(name, held);
    return held;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://s3');
    const bucket = url.pathname.split('/')[1] ?? '';
    const held = this.buckets.get(bucket);
    const what = url.searchParams.has('tagging') ? 'tags' : url.searchParams.has('versions') ? 'list' : 'delete';
    this.asked.push(`${what} ${bucket}`);
    const [status, body] = held ? await this.bodyOf(what, held, request) : [404, '<Error><Code>NoSuchBucket</Code></Error>'];
    response.writeHead(status, { 'content-type': 'application/xml' }).end(body);
  }

  private async bodyOf(what: string, held: Held, request: IncomingMessage): Promise<[number, string]> {
    if (what === 'tags') {
      const tags = `<Tagging ${ns}><TagSet><Tag><Key>${EMPTIED_TAG}</Key><Value>true</Value></Tag></TagSet></Tagging>`;
      return held.isMarked ? [200, tags] : [404, '<Error><Code>NoSuchTagSet</Code></Error>'];
    }
    if (what === 'list') {
      const entries = held.versions.slice(0, PAGE).map((entry) => {
        const [key, version] = entry.replace('!', '').split('?');
        const kind = entry.endsWith('!') ? 'DeleteMarker' : 'Version';
        return `<${kind}><Key>${key}</Key><VersionId>${version}</VersionId></${kind}>`;
      });
      return [200, `<ListVersionsResult ${ns}>${entries.join('')}</ListVersionsResult>`];
    }
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const bypasses = request.headers['x-amz-bypass-governance-retention'] === 'true';
    const errors: string[] = [];
    for (const [, key = '', version = ''] of body.matchAll(/<Object><Key>([^<]*)<\/Key><VersionId>([^<]*)<\/VersionId><\/Object>/g)) {
      if (!bypasses || held.compliant.has(key)) errors.push(`<Error><Key>${key}</Key><VersionId>${version}</VersionId><Code>AccessDenied</Code></Error>`);
      else held.versions = held.versions.filter((entry) => entry.replace('!', '') !== `${key}?${version}`);
    }
    return [200, `<DeleteResult ${ns}>${errors.join('')}</DeleteResult>`];
  }
}

let stub: S3Stub;
let client: S3Client;
let versions: S3Versions;
const always = (): boolean => true;

beforeEach(async () => {
  stub = new S3Stub();
  const endpoint = await stub.start();
  client = new S3Client({ endpoint, region: 'eu-central-1', forcePathStyle: true, credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 });
  versions = new S3Versions(client);
});
afterEach(async () => {
  client.destroy();
  await stub.stop();
});

describe('the function that empties audit buckets', () => {
  test('deletes every version and every marker, page by page, though they are locked in GOVERNANCE mode', async () => {
    const held = stub.hold('archive', 2500);
    held.versions.unshift('object-0?marker!');
    await emptyAll(versions, ['archive'], always);
    expect(held.versions).toEqual([]);
    expect(stub.asked.filter((what) => what === 'delete archive')).toHaveLength(3);
  });

  test('empties the buckets in the order in which they are named', async () => {
    stub.hold('arrivals', 1);
    stub.hold('archive', 1);
    await emptyAll(versions, ['arrivals', 'archive'], always);
    expect(stub.asked.filter((what) => what.startsWith('delete'))).toEqual(['delete arrivals', 'delete archive']);
  });

  test('leaves a bucket alone that has lost its tag: it is to stay', async () => {
    const held = stub.hold('archive', 3, { isMarked: false });
    await emptyAll(versions, ['archive'], always);
    expect(held.versions).toHaveLength(3);
    expect(stub.asked).toEqual(['tags archive']);
  });

  test('is content with a bucket that is gone', async () => {
    await expect(emptyAll(versions, ['gone'], always)).resolves.toBeUndefined();
  });

  test('stops when its time is up, and the next run goes on where it stopped', async () => {
    const held = stub.hold('archive', 2500);
    let pages = 0;
    await expect(emptyAll(versions, ['archive'], () => (pages += 1) <= 1)).rejects.toThrow(OutOfTime);
    expect(held.versions).toHaveLength(1500);
    await emptyAll(versions, ['archive'], always);
    expect(held.versions).toEqual([]);
  });

  test('goes on while some of a page can be deleted, and says what could not', async () => {
    const held = stub.hold('archive', 1200, { compliant: new Set(['object-7']) });
    await expect(emptyAll(versions, ['archive'], always)).rejects.toThrow('object-7 of archive could not be deleted: AccessDenied. It may be locked in COMPLIANCE mode');
    expect(held.versions).toEqual(['object-7?v7']);
  });
});

describe('the custom resource that empties audit buckets', () => {
  const event = (RequestType: ResourceEvent['RequestType'], ResourceProperties: Record<string, unknown> = { Buckets: ['archive'] }): ResourceEvent => ({
    RequestType, LogicalResourceId: 'Emptying', ResourceProperties,
  });

  test.each(['Create', 'Update'] as const)('deletes nothing when asked to %s', async (request) => {
    const held = stub.hold('archive', 3);
    await handle(event(request), versions, always);
    expect(held.versions).toHaveLength(3);
    expect(stub.asked).toEqual([]);
  });

  test('empties when it goes', async () => {
    const held = stub.hold('archive', 3);
    await handle(event('Delete'), versions, always);
    expect(held.versions).toEqual([]);
  });

  test.each([{}, { Buckets: [] }, { Buckets: 'archive' }, { Buckets: [''] }])('refuses to go by %j', async (properties) => {
    await expect(handle(event('Delete', properties), versions, always)).rejects.toThrow('names no Buckets');
  });
});
