import { equivalent } from './write';

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
  ...equivalent('Firehose encrypts what it holds in any case, for minutes; the checklist does not ask by whose key', [STREAM, /DeliveryStreamEncryptionConfigurationInput(\.(KeyARN|KeyType))?/, /delete|detach|repoint|=.*/]),
  ...equivalent('what sends to the stream puts records into it: another kind takes none, and the service refuses it', [STREAM, /DeliveryStreamType/, /delete|=.*/]),
  ...equivalent('objects are smaller, and the archive takes small ones too, or they are as large as by default', [STREAM, into('BufferingHints(\\.\\w+)?'), /delete/], [STREAM, into('BufferingHints\\.SizeInMBs'), /over 10/]),
  ...equivalent('why something was not delivered is told in fewer words; that it was not, an alarm tells', [STREAM, into('CloudWatchLoggingOptions(\\.\\w+)?'), /delete|flip|detach|repoint/], [/Logs::LogStream/, /LogGroupName/, /repoint/]),
  ...equivalent('records are packed otherwise, and Athena reads that by the name of the object; the service refuses what does not go with a table', [STREAM, into('CompressionFormat'), /delete|=.*/]),
  ...equivalent('the bucket encrypts by its own default, which is the same key, or one of the same stack', [STREAM, into('EncryptionConfiguration(\\.KMSEncryptionConfig(\\.AWSKMSKeyARN)?)?'), /delete|repoint/]),
  ...equivalent('records lie elsewhere in the same bucket, under the same lock', [STREAM, into('(ErrorOutputPrefix|Prefix)'), /delete/]),
  ...equivalent('by the other role nothing is delivered, of which an alarm tells', [STREAM, into('RoleARN'), /repoint/], [/Logs::SubscriptionFilter/, /RoleArn/, /detach|repoint/]),
  ...equivalent('lines are parted in another way, or the service refuses a processor without what it needs', [STREAM, into('ProcessingConfiguration\\.Processors\\[0\\]\\.Parameters(\\[\\d\\](\\.ParameterName)?)?'), /delete|remove|=.*/], [STREAM, into('ProcessingConfiguration\\.Processors\\[2\\](\\.Type)?'), /remove|=.*/]),
  ...equivalent('a name', [/Logs::SubscriptionFilter/, /FilterName/, /delete/], [BUCKET, handing('Id'), /delete/], [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.Id/, /delete/]),
  ...equivalent('markers of what has expired stay, over nothing', [BUCKET, MARKERS, /remove|delete|flip|=Disabled/]),
  ...equivalent('in which storage records lie, which all keep as long and as safely', [BUCKET, /LifecycleConfiguration\.Rules\[0\]\.Transitions\[0\]\.(StorageClass|TransitionInDays)/, /delete|over 10|times 1000|=.*/, ARCHIVE]),
  ...equivalent('the service refuses a rule without the word', [BUCKET, /ObjectLockConfiguration\.ObjectLockEnabled/, /delete/]),
  ...equivalent('nobody at all lifts the lock', [BUCKET, /ObjectLockConfiguration\.Rule\.DefaultRetention\.Mode/, /=COMPLIANCE/]),
  ...equivalent('by the other role nothing is handed on, of which an alarm tells', [BUCKET, /ReplicationConfiguration\.Role/, /repoint/]),
  ...equivalent('the service refuses a rule with a filter and without the words that go with one, and takes none for all', [BUCKET, handing('(DeleteMarkerReplication(\\.Status)?|Filter(\\.Prefix)?|Priority)'), /delete/]),
  ...equivalent('the service refuses to hand on what is encrypted without a key for it, and another key of the stack is as good', [BUCKET, handing('Destination\\.EncryptionConfiguration(\\.ReplicaKmsKeyID)?'), /delete|repoint/]),
  ...equivalent('the function that empties the bucket when its stack goes leaves it alone', [BUCKET, /Tags\[cdk-secure-core:[\w-]+\](\.Value)?/, /remove|flip/, /.*Audit(Archive|Arrivals|TableResults).*/]),
  ...equivalent('records are read by the words of Athena; another table, or none, loses none of them', [TABLE, /.*/, /drop|delete|remove|detach|=.*/], [/Glue::Database/, /.*/, /delete/], [/Athena::NamedQuery/, /.*/, /delete|detach/]),
  ...equivalent('what somebody puts beside the records alters none of them, and each gate numbers its own', [/S3::BucketPolicy/, /PolicyDocument\.Statement\[NobodyUploads\]/, /remove/, ARCHIVE]),
  ...equivalent('what a query may cost, where its results lie, and by whose key: they are in a bucket that is encrypted by a key of the stack', [WORKGROUP, /.*/, /drop|delete|flip|detach|repoint|times 1000|over 10|min|max|=.*/]),
  ...equivalent('both reviews that the checklist asks for are still saved, or the query asks for its group first', [QUERY, /Properties|LogGroupNames(\[\d\])?/, /drop|delete|detach|repoint/, /(?!.*LinesWithError).*/]),
  ...equivalent('the service role takes no other name than its own', [ROLE, /AssumeRolePolicyDocument\.Statement\[0\]\.Condition/, /delete/, /.*AuditDelivery(Role|Subscriber).*/], [ROLE, /AssumeRolePolicyDocument\.Statement\[0\]\.Principal/, /widen to \*/, /.*AuditDeliverySubscriber.*/]),
  ...equivalent('with the archive\'s key its writer does no more than the archive lets it: write', [POLICY, /PolicyDocument\.Statement\[\w+\]\.Condition/, /delete/, /.*Audit(Delivery|Replication).*/], [/KMS::Key/, /KeyPolicy\.Statement\[\w+\]\.Condition/, /delete/, /.*AuditKey.*/]),
  ...equivalent('the group holds what was shipped already, and its days are few', [/Logs::LogGroup/, /DeletionProtectionEnabled/, /delete|flip/, /.*AuditHot.*/]),
];
