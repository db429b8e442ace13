import { Match } from 'aws-cdk-lib/assertions';
import { type Found, found, trailTemplate } from '../support/audit-template';

describe('The table over the archive', () => {
  const audit = trailTemplate();

  test('has a column for every field of a record, typed, and partitions that follow from the names of the objects', () => {
    audit.hasResourceProperties('AWS::Glue::Table', {
      TableInput: {
        Name: 'records',
        PartitionKeys: [{ Name: 'day', Type: 'string' }, { Name: 'hour', Type: 'string' }],
        Parameters: {
          'projection.enabled': 'true', 'projection.day.type': 'date', 'projection.day.format': 'yyyy-MM-dd',
          'projection.day.range': 'NOW-182DAYS,NOW+1DAYS', 'projection.hour.range': '0,23', 'projection.hour.digits': '2',
          'storage.location.template': { 'Fn::Join': ['', ['s3://', { Ref: Match.stringLikeRegexp('^AuditArchive') }, '/audit/day=${day}/hour=${hour}/']] },
        },
        StorageDescriptor: {
          Columns: Match.arrayWith(Object.entries({ event: 'string', seq: 'bigint', latency_ms: 'double', stream: 'boolean', open: 'bigint' }).map(([Name, Type]) => Match.objectLike({ Name, Type }))),
          SerdeInfo: { SerializationLibrary: 'org.openx.data.jsonserde.JsonSerDe' },
        },
      },
    });
  });

  test('is asked through a workgroup that nobody evades, that encrypts answers and bounds what is read', () => {
    audit.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true, BytesScannedCutoffPerQuery: 100 * 1024 ** 3,
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: Match.anyValue() }, OutputLocation: Match.anyValue() },
      },
    });
    expect(found(audit, 'AWS::S3::Bucket', 'AuditTableResults').Properties).toMatchObject({ LifecycleConfiguration: { Rules: [{ ExpirationInDays: 7 }] } });
  });

  test('has its questions saved', () => {
    const queries = Object.values(audit.findResources('AWS::Athena::NamedQuery')) as Found[];
    expect(queries.map(({ Properties }) => Properties.Name).sort()).toEqual(['auth-failures-by-identity', 'lost-records', 'story-of-a-request', 'usage-by-identity']);
    for (const { Properties } of queries) expect(Properties.QueryString).toMatch(/FROM records\n/);
  });
});
