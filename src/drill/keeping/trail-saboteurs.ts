import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';
import type { Saboteur } from '../attack';
import { changed, each, listAltered, omit, removal, resourcesOf, saboteur, together, without } from '../saboteurs';
import { containersAltered, statementsAltered } from './saboteurs';
import { BUCKET, BUCKET_POLICY, CALL_TRAIL, DELIVERY_STREAM, LOG_GROUP, NAMED_QUERY, QUERY_DEFINITION, SUBSCRIPTION, TABLE } from './types';

/** Alters what a stream is told of its S3. */
function destinationAltered(name: string, alter: (destination: JsonMap) => JsonMap | undefined): Saboteur {
  return saboteur(name, [DELIVERY_STREAM], (properties) => {
    const destination = properties.ExtendedS3DestinationConfiguration;
    const after = isJsonMap(destination) ? alter(destination) : undefined;
    return after && { ...properties, ExtendedS3DestinationConfiguration: after };
  });
}

function processorsAltered(name: string, alter: (processors: readonly JsonMap[]) => readonly JsonMap[] | undefined): Saboteur {
  return destinationAltered(name, (destination) => {
    const processing = destination.ProcessingConfiguration;
    const after = isJsonMap(processing) ? listAltered(processing, 'Processors', alter) : undefined;
    return after && { ...destination, ProcessingConfiguration: after };
  });
}

export const NOT_UNPACKED = destinationAltered('ProcessingConfiguration deleted', (destination) => (
  'ProcessingConfiguration' in destination ? omit(destination, 'ProcessingConfiguration') : undefined
));
export const NOT_DELIMITED = processorsAltered('AppendDelimiterToRecord deleted', (processors) => without(processors, ({ Type }) => Type === 'AppendDelimiterToRecord'));
export const NOT_EXTRACTED = processorsAltered('CloudWatchLogProcessing deleted', (processors) => without(processors, ({ Type }) => Type === 'CloudWatchLogProcessing'));

export const UNSUBSCRIBED = removal('every subscription is deleted', SUBSCRIPTION);
/** Of another kind than a line can be. */
export const REFUSALS_NOT_TAKEN = saboteur('FilterPattern takes what was served alone', [SUBSCRIPTION], (properties) => ({ ...properties, FilterPattern: '{ $.outcome = "served" }' }));
export const ALL_TAKEN = saboteur('FilterPattern becomes empty', [SUBSCRIPTION], (properties) => ({ ...properties, FilterPattern: '' }));

export const NOT_HANDED_ON = saboteur('replication rules are off', [BUCKET], (properties) => {
  const replication = properties.ReplicationConfiguration;
  const after = isJsonMap(replication) ? listAltered(replication, 'Rules', (rules) => rules.map((rule) => ({ ...rule, Status: 'Disabled' }))) : undefined;
  return after && { ...properties, ReplicationConfiguration: after };
});

/** Alters the columns of every table. */
function tableAltered(name: string, alter: (input: JsonMap, storage: JsonMap) => JsonMap | undefined): Saboteur {
  return saboteur(name, [TABLE], (properties) => {
    const input = properties.TableInput;
    const after = isJsonMap(input) && isJsonMap(input.StorageDescriptor) ? alter(input, input.StorageDescriptor) : undefined;
    return after && { ...properties, TableInput: after };
  });
}

export const NARROW_COLUMNS = tableAltered('bigint becomes int', (input, storage) => {
  const after = listAltered(storage, 'Columns', (columns) => changed(columns, (column) => (column.Type === 'bigint' ? { ...column, Type: 'int' } : undefined)));
  return after && { ...input, StorageDescriptor: after };
});
export const COLUMN_GONE = tableAltered('the column outcome is deleted', (input, storage) => {
  const after = listAltered(storage, 'Columns', (columns) => without(columns, ({ Name }) => Name === 'outcome'));
  return after && { ...input, StorageDescriptor: after };
});
export const NOT_PROJECTED = tableAltered('partition projection is off', (input) => (
  isJsonMap(input.Parameters) && 'projection.enabled' in input.Parameters ? { ...input, Parameters: { ...input.Parameters, 'projection.enabled': 'false' } } : undefined
));

export const LOCK_GONE = saboteur('Object Lock deleted', [BUCKET], (properties) => (
  'ObjectLockConfiguration' in properties ? omit(properties, 'ObjectLockConfiguration', 'ObjectLockEnabled') : undefined
));
function retentionAltered(name: string, retention: JsonMap): Saboteur {
  return saboteur(name, [BUCKET], (properties) => {
    const lock = properties.ObjectLockConfiguration;
    const rule = isJsonMap(lock) && isJsonMap(lock.Rule) ? lock.Rule : undefined;
    if (!isJsonMap(lock) || !rule || !isJsonMap(rule.DefaultRetention) || rule.DefaultRetention.Mode === retention.Mode) return undefined;
    return { ...properties, ObjectLockConfiguration: { ...lock, Rule: { DefaultRetention: { ...omit(rule.DefaultRetention, ...('Days' in retention ? ['Years'] : [])), ...retention } } } };
  });
}
export const LOCK_FOR_GOVERNANCE = retentionAltered('COMPLIANCE becomes GOVERNANCE', { Mode: 'GOVERNANCE' });
export const LOCK_TOO_SHORT = retentionAltered('the lock ends after 30 days', { Days: 30 });

/** Alters lifecycle rules that expire or move something. */
function lifecycleAltered(name: string, alter: (rule: JsonMap) => JsonMap | undefined): Saboteur {
  return saboteur(name, [BUCKET], (properties) => {
    const lifecycle = properties.LifecycleConfiguration;
    const after = isJsonMap(lifecycle) ? listAltered(lifecycle, 'Rules', (rules) => changed(rules, alter)) : undefined;
    return after && { ...properties, LifecycleConfiguration: after };
  });
}
export const VERSIONS_STAY = lifecycleAltered('noncurrent versions never expire', (rule) => (
  'NoncurrentVersionExpiration' in rule || 'NoncurrentVersionExpirationInDays' in rule ? omit(rule, 'NoncurrentVersionExpiration', 'NoncurrentVersionExpirationInDays') : undefined
));
export const NEVER_EXPIRES = lifecycleAltered('nothing expires', (rule) => ('ExpirationInDays' in rule ? omit(rule, 'ExpirationInDays') : undefined));
export const EXPIRES_EARLY = each(
  'expires after 90 days, unlocked', LOCK_GONE, lifecycleAltered('early', (rule) => ('ExpirationInDays' in rule ? { ...rule, ExpirationInDays: 90 } : undefined)),
);
export const RARELY_READ_AT_7 = lifecycleAltered('STANDARD_IA from day 7', (rule) => (
  Array.isArray(rule.Transitions) ? { ...rule, Transitions: [{ StorageClass: 'STANDARD_IA', TransitionInDays: 7 }] } : undefined
));
export const NEVER_COLD = lifecycleAltered('nothing is moved', (rule) => ('Transitions' in rule ? omit(rule, 'Transitions') : undefined));
export const HOT_FOREVER = saboteur('RetentionInDays deleted', [LOG_GROUP], (properties) => ('RetentionInDays' in properties ? omit(properties, 'RetentionInDays') : undefined));

export const NOTHING_MASKED = saboteur('DataProtectionPolicy deleted', [LOG_GROUP], (properties) => ('DataProtectionPolicy' in properties ? omit(properties, 'DataProtectionPolicy') : undefined));
/** Alters the statements of every data-protection policy. */
function maskingAltered(name: string, alter: (statement: JsonMap) => JsonMap | undefined): Saboteur {
  return saboteur(name, [LOG_GROUP], (properties) => {
    const policy = properties.DataProtectionPolicy;
    const key = isJsonMap(policy) && 'statement' in policy ? 'statement' : 'Statement';
    const after = isJsonMap(policy) ? listAltered(policy, key, (statements) => changed(statements, alter)) : undefined;
    return after && { ...properties, DataProtectionPolicy: after };
  });
}
export const ADDRESSES_NOT_MASKED = maskingAltered('EmailAddress is no identifier', (statement) => {
  const key = 'dataIdentifier' in statement ? 'dataIdentifier' : 'DataIdentifier';
  const identifiers = statement[key];
  return Array.isArray(identifiers) ? { ...statement, [key]: (identifiers as readonly Json[]).filter((one) => !JSON.stringify(one).includes('EmailAddress')) } : undefined;
});

export const LOGS_NOTHING = containersAltered('LogConfiguration deleted', (container) => ('LogConfiguration' in container ? omit(container, 'LogConfiguration') : undefined));

/** One container goes its own way. */
export const LOGS_APART: Saboteur = {
  name: 'the first container logs into a group of its own',
  sabotage: (template) => {
    let isDone = false;
    const after = containersAltered('apart', (container) => {
      const logging = container.LogConfiguration;
      if (isDone || !isJsonMap(logging) || !isJsonMap(logging.Options)) return undefined;
      isDone = true;
      return { ...container, LogConfiguration: { ...logging, Options: { ...logging.Options, 'awslogs-group': { Ref: 'DrillApart' } } } };
    }).sabotage(template);
    return after && { ...after, Resources: { ...resourcesOf(after), DrillApart: { Type: LOG_GROUP } } };
  },
};

export const ARCHIVE_READ_BY_ALL = statementsAltered('every policy lets its role read all objects and logs', (statements) => [
  ...statements, { Effect: 'Allow', Action: ['s3:GetObject', 's3:GetObjectVersion', 'logs:FilterLogEvents'], Resource: '*' },
]);

/** Denials in bucket policies would stop what policies of roles allow. */
export const NOTHING_DENIED = saboteur('denials in bucket policies are gone', [BUCKET_POLICY], (properties) => {
  const document = properties.PolicyDocument;
  const allowed: JsonMap = { Effect: 'Deny', Principal: '*', Action: 's3:GetBucketLogging', Resource: 'arn:aws:s3:::nothing' };
  const after = isJsonMap(document) ? listAltered(document, 'Statement', (statements) => [...statements.filter(({ Effect }) => Effect !== 'Deny'), allowed]) : undefined;
  return after && { ...properties, PolicyDocument: after };
});
export const ARCHIVE_CHANGED_BY_ALL = together('every policy lets its role do all to all objects, and nothing is denied', statementsAltered('all', (statements) => [
  ...statements, { Effect: 'Allow', Action: 's3:*', Resource: '*' },
]), NOTHING_DENIED);

/** Alters the text of every saved query of Athena that holds some words. */
function queriesAltered(name: string, words: RegExp, instead: string): Saboteur {
  return saboteur(name, [NAMED_QUERY], (properties) => {
    const before = String(properties.QueryString);
    const after = before.replace(words, instead);
    return after === before ? undefined : { ...properties, QueryString: after };
  });
}
export const QUERIES_MISS = queriesAltered('saved queries ask for what is never written', /'audit(-mark)?'/g, '\'never-written\'');
export const QUERIES_OUTDATED = queriesAltered('saved queries ask for a column that is not there', /\bevent\b/g, 'event_name');
export const REVIEWS_MISS = saboteur('saved reviews look for what is never written', [QUERY_DEFINITION], (properties) => ({
  ...properties,
  QueryString: `${String(properties.QueryString)}\n| filter @message like /never-written/`,
}));

/** In names that nothing has. */
export const REVIEWS_ASK_NOBODY = saboteur('saved reviews name no log group', [QUERY_DEFINITION], (properties) => (
  'LogGroupNames' in properties ? omit(properties, 'LogGroupNames') : undefined
));

export const TRAIL_OFF = saboteur('the trail is off', [CALL_TRAIL], (properties) => ({ ...properties, IsLogging: false }));
export const TRAIL_BLIND = saboteur('the trail records writes alone', [CALL_TRAIL], (properties) => (
  { ...properties, EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'WriteOnly' }] }
));
