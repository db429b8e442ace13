import { equivalent, UNBROKERED } from './write';

const STREAM = /KinesisFirehose::DeliveryStream/;
const BUCKET = /S3::Bucket/;
const TABLE = /Glue::Table/;
const WORKGROUP = /Athena::WorkGroup/;
const QUERY = /Logs::QueryDefinition/;
const POLICY = /IAM::Policy/;
const ROLE = /IAM::Role/;
const ARCHIVE = /.*AuditArchive.*/;
const MARKERS = /LifecycleConfiguration\.Rules\[1\](\.(Status|ExpiredObjectDeleteMarker|Id))?/;

const into = (path: string): RegExp => new RegExp(`ExtendedS3DestinationConfiguration\\.${path}`);
const handing = (path: string): RegExp => new RegExp(`ReplicationConfiguration\\.Rules\\[\\d\\]\\.${path}`);

/** How records of the gate come to where nobody alters them, and how they are read there. */
export const ARCHIVE_VERDICTS = [
  ...equivalent('Firehose encrypts what it holds in any case (Amazon Data Firehose guide, "Data protection"), for minutes; the checklist does not ask by whose key', [STREAM, /DeliveryStreamEncryptionConfigurationInput(\.(KeyARN|KeyType))?/, /delete|detach|repoint|=.*/]),
  ...equivalent('another source than whoever puts records has to be asked for, and the service refuses one of which nothing is said (Firehose API, CreateDeliveryStream)', [STREAM, /DeliveryStreamType/, /delete|=.*/]),
  ...equivalent('objects are smaller, and the archive takes small ones too, or they are as large as by default', [STREAM, into('BufferingHints(\\.\\w+)?'), /delete/], [STREAM, into('BufferingHints\\.SizeInMBs'), /over 10/]),
  ...equivalent('why something was not delivered is told in fewer words; that it was not, an alarm tells', [STREAM, into('CloudWatchLoggingOptions(\\.\\w+)?'), /delete|flip|detach|repoint/], [/Logs::LogStream/, /LogGroupName/, /repoint/]),
  ...equivalent('records are packed otherwise, or not, and Athena reads either by the name of the object (Athena guide, "Use compression in Athena")', [STREAM, into('CompressionFormat'), /delete|=(?!ZIP$).*/]),
  ...equivalent('the bucket encrypts by its own default, which is the same key, or one of the same stack', [STREAM, into('EncryptionConfiguration(\\.KMSEncryptionConfig(\\.AWSKMSKeyARN)?)?'), /delete|repoint/]),
  ...equivalent('records lie elsewhere in the same bucket, under the same lock', [STREAM, into('(ErrorOutputPrefix|Prefix)'), /delete/]),
  ...equivalent('by the other role nothing is delivered, of which an alarm tells', [STREAM, into('RoleARN'), /repoint/, UNBROKERED], [/Logs::SubscriptionFilter/, /RoleArn/, /detach|repoint/, UNBROKERED]),
  ...equivalent('CloudWatch Logs packs by GZIP alone, which is what is undone, or the service refuses the processor and with it the deployment',
    [STREAM, into('ProcessingConfiguration\\.Processors\\[0\\]\\.Parameters(\\[\\d\\](\\.ParameterName)?)?'), /delete|remove|=.*/]),
  ...equivalent('a name', [/Logs::SubscriptionFilter/, /FilterName/, /delete/], [BUCKET, handing('Id'), /delete/], [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.Id/, /delete/]),
  ...equivalent('markers of what has expired stay, over nothing', [BUCKET, MARKERS, /remove|delete|flip|=Disabled/]),
  ...equivalent('in which storage records lie, all of which keep them as long and in several zones (S3 guide, "Understanding and managing Amazon S3 storage classes")',
    [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.Transitions\[0\]\.StorageClass/, /=(?!ONEZONE_IA).*/, ARCHIVE], [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.Transitions\[0\]\.TransitionInDays/, /delete|over 10|times 1000/, ARCHIVE]),
  ...equivalent('nobody at all lifts the lock', [BUCKET, /ObjectLockConfiguration\.Rule\.DefaultRetention\.Mode/, /=COMPLIANCE/]),
  ...equivalent('by the other role nothing is handed on, of which an alarm tells', [BUCKET, /ReplicationConfiguration\.Role/, /repoint/, UNBROKERED]),
  ...equivalent('the service refuses a filter that says nothing, and a rule with one that lacks the words that go with it (S3 API, ReplicationRule)', [BUCKET, handing('(DeleteMarkerReplication(\\.Status)?|Filter\\.Prefix|Priority)'), /delete/]),
  ...equivalent('the service refuses to hand on what is encrypted without a key for it (S3 guide, "Replicating encrypted objects"), and another key of the stack is as good', [BUCKET, handing('Destination\\.EncryptionConfiguration(\\.ReplicaKmsKeyID)?'), /delete|repoint/]),
  ...equivalent('the function that empties the bucket when its stack goes leaves it alone', [BUCKET, /Tags\[cdk-secure-core:[\w-]+\](\.Value)?/, /remove|flip/, /.*Audit(Archive|Arrivals|TableResults).*/]),
  ...equivalent('records are read by the words of Athena; another table, or none, loses none of them', [TABLE, /.*/, /drop|delete|remove|detach|=.*/], [/Glue::Database/, /.*/, /delete/], [/Athena::NamedQuery/, /.*/, /delete|detach/]),
  ...equivalent('what a query may cost, where its results lie, and by whose key: they are in a bucket that is encrypted by a key of the stack', [WORKGROUP, /.*/, /drop|delete|flip|detach|repoint|times 1000|over 10|min|max|=.*/]),
  ...equivalent('both reviews that the checklist asks for are still saved, or the query asks for its group first', [QUERY, /Properties|LogGroupNames(\[\d\])?/, /drop|delete|detach|repoint/, /(?!.*LinesWithError).*/]),
  ...equivalent('who hands the role to a service is of the same account, and no other account can (re:Post, "How do I resolve the IAM user error not authorized to perform iam:PassRole?")',
    [ROLE, /AssumeRolePolicyDocument\.Statement\[0\]\.Condition/, /delete/, /.*AuditDelivery(Role|Subscriber).*/]),
  ...equivalent('the condition asks for what a request has that a service makes (IAM guide, "AWS global condition context keys", aws:SourceArn), so nobody else takes the role', [ROLE, /AssumeRolePolicyDocument\.Statement\[0\]\.Principal/, /widen to \*/, /.*AuditDeliverySubscriber.*/]),
  ...equivalent('with the archive\'s key its writer does no more than the archive lets it: write', [POLICY, /PolicyDocument\.Statement\[\w+\]\.Condition/, /delete/, /.*Audit(Delivery|Replication).*/]),
  ...equivalent('CloudWatch Logs may then encrypt logs of others with the key, and reads none of ours by it', [/KMS::Key/, /KeyPolicy\.Statement\[\w+\]\.Condition/, /delete/, /.*AuditKey.*/]),
  ...equivalent('whoever may delete the group may lift the protection first; what it was sent has been locked elsewhere within minutes', [/Logs::LogGroup/, /DeletionProtectionEnabled/, /delete|flip/, /.*AuditHot.*/]),
];
