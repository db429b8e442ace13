import { isJsonMap, type Json, type JsonMap } from '../../checks/template/template';
import { deprived, mapAltered } from '../altered';
import type { Saboteur } from '../attack';
import { changed, each, listAltered, omit, removal, resourcesOf, saboteur, together, without } from '../saboteurs';
import { containersAltered, gone, statementsAltered } from './saboteurs';
import { BUCKET, BUCKET_POLICY, CALL_TRAIL, DELIVERY_STREAM, LOG_GROUP, NAMED_QUERY, QUERY_DEFINITION, SUBSCRIPTION, TABLE } from './types';

/** Alters what a stream is told of its S3. */
function destinationAltered(name: string, alter: (destination: JsonMap) => JsonMap | undefined): Saboteur {
  return saboteur(name, [DELIVERY_STREAM], (properties) => mapAltered(properties, 'ExtendedS3DestinationConfiguration', alter));
}

function processorsAltered(name: string, alter: (processors: readonly JsonMap[]) => readonly JsonMap[] | undefined): Saboteur {
  return destinationAltered(name, (destination) => mapAltered(destination, 'ProcessingConfiguration', (processing) => listAltered(processing, 'Processors', alter)));
}

export const NOT_UNPACKED = destinationAltered('ProcessingConfiguration deleted', (destination) => deprived(destination, 'ProcessingConfiguration'));
export const NOT_DELIMITED = processorsAltered('AppendDelimiterToRecord deleted', (processors) => without(processors, ({ Type }) => Type === 'AppendDelimiterToRecord'));
export const NOT_EXTRACTED = processorsAltered('CloudWatchLogProcessing deleted', (processors) => without(processors, ({ Type }) => Type === 'CloudWatchLogProcessing'));

export const UNSUBSCRIBED = removal('every subscription is deleted', SUBSCRIPTION);
/** Of another kind than a line can be. */
export const REFUSALS_NOT_TAKEN = saboteur('FilterPattern takes what was served alone', [SUBSCRIPTION], (properties) => ({ ...properties, FilterPattern: '{ $.outcome = "served" }' }));
export const ALL_TAKEN = saboteur('FilterPattern becomes empty', [SUBSCRIPTION], (properties) => ({ ...properties, FilterPattern: '' }));

export const NOT_HANDED_ON = saboteur('replication rules are off', [BUCKET], (properties) => (
  mapAltered(properties, 'ReplicationConfiguration', (replication) => listAltered(replication, 'Rules', (rules) => rules.map((rule) => ({ ...rule, Status: 'Disabled' }))))
));

/** Alters what every table is described by. */
function tableAltered(name: string, alter: (input: JsonMap) => JsonMap | undefined): Saboteur {
  return saboteur(name, [TABLE], (properties) => mapAltered(properties, 'TableInput', alter));
}

function columnsAltered(name: string, alter: (columns: readonly JsonMap[]) => readonly JsonMap[] | undefined): Saboteur {
  return tableAltered(name, (input) => mapAltered(input, 'StorageDescriptor', (storage) => listAltered(storage, 'Columns', alter)));
}

export const NARROW_COLUMNS = columnsAltered('bigint becomes int', (columns) => changed(columns, (column) => (column.Type === 'bigint' ? { ...column, Type: 'int' } : undefined)));
export const COLUMN_GONE = columnsAltered('the column outcome is deleted', (columns) => without(columns, ({ Name }) => Name === 'outcome'));
export const NOT_PROJECTED = tableAltered('partition projection is off', (input) => (
  mapAltered(input, 'Parameters', (parameters) => ('projection.enabled' in parameters ? { ...parameters, 'projection.enabled': 'false' } : undefined))
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
  return saboteur(name, [BUCKET], (properties) => mapAltered(properties, 'LifecycleConfiguration', (lifecycle) => listAltered(lifecycle, 'Rules', (rules) => changed(rules, alter))));
}
export const VERSIONS_STAY = lifecycleAltered('noncurrent versions never expire', (rule) => deprived(rule, 'NoncurrentVersionExpiration', 'NoncurrentVersionExpirationInDays'));
export const NEVER_EXPIRES = lifecycleAltered('nothing expires', (rule) => deprived(rule, 'ExpirationInDays'));
export const EXPIRES_EARLY = each(
  'expires after 90 days, unlocked', LOCK_GONE, lifecycleAltered('early', (rule) => ('ExpirationInDays' in rule ? { ...rule, ExpirationInDays: 90 } : undefined)),
);
export const RARELY_READ_AT_7 = lifecycleAltered('STANDARD_IA from day 7', (rule) => (
  Array.isArray(rule.Transitions) ? { ...rule, Transitions: [{ StorageClass: 'STANDARD_IA', TransitionInDays: 7 }] } : undefined
));
export const NEVER_COLD = lifecycleAltered('nothing is moved', (rule) => deprived(rule, 'Transitions'));
export const HOT_FOREVER = saboteur('RetentionInDays deleted', [LOG_GROUP], (properties) => deprived(properties, 'RetentionInDays'));

export const NOTHING_MASKED = saboteur('DataProtectionPolicy deleted', [LOG_GROUP], (properties) => deprived(properties, 'DataProtectionPolicy'));
/** Alters the statements of every data-protection policy. */
function maskingAltered(name: string, alter: (statement: JsonMap) => JsonMap | undefined): Saboteur {
  return saboteur(name, [LOG_GROUP], (properties) => mapAltered(properties, 'DataProtectionPolicy', (policy) => (
    listAltered(policy, 'statement' in policy ? 'statement' : 'Statement', (statements) => changed(statements, alter))
  )));
}
export const ADDRESSES_NOT_MASKED = maskingAltered('EmailAddress is no identifier', (statement) => {
  const key = 'dataIdentifier' in statement ? 'dataIdentifier' : 'DataIdentifier';
  const identifiers = statement[key];
  return Array.isArray(identifiers) ? { ...statement, [key]: (identifiers as readonly Json[]).filter((one) => !JSON.stringify(one).includes('EmailAddress')) } : undefined;
});

export const LOGS_NOTHING = containersAltered('LogConfiguration deleted', (container) => deprived(container, 'LogConfiguration'));

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
  const harmless: JsonMap = { Effect: 'Deny', Principal: '*', Action: 's3:GetBucketLogging', Resource: 'arn:aws:s3:::nothing' };
  return mapAltered(properties, 'PolicyDocument', (document) => listAltered(document, 'Statement', (statements) => [...statements.filter(({ Effect }) => Effect !== 'Deny'), harmless]));
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
export const REVIEWS_ASK_NOBODY = gone('saved reviews name no log group', QUERY_DEFINITION, 'LogGroupNames');

export const TRAIL_OFF = saboteur('the trail is off', [CALL_TRAIL], (properties) => ({ ...properties, IsLogging: false }));
export const TRAIL_BLIND = saboteur('the trail records writes alone', [CALL_TRAIL], (properties) => (
  { ...properties, EventSelectors: [{ IncludeManagementEvents: true, ReadWriteType: 'WriteOnly' }] }
));
