import type { JsonMap } from '../../../../src/checks/template/template';
import type { KeepingModel, KeepingTarget } from '../../../../src/drill/keeping/attack';
import { archiveQueries, archives, logBuckets, logQueries, logStreams, subscribedGroups } from '../../../../src/drill/keeping/trail/trails';
import { auditedTemplate } from '../../../e2e/drill/fixtures/audited';
import { section } from '../../../../src/checks/template/template';
import { graphOf } from '../stand-in';

function modelWith(change: (resources: JsonMap) => JsonMap = (resources) => resources): KeepingModel {
  return { graph: graphOf(['Audited', change(section(auditedTemplate(), 'Resources')) as Readonly<Record<string, JsonMap>>]) };
}

const ids = (targets: readonly KeepingTarget[]): string[] => targets.map(({ place }) => place.logicalId);
const without = (...gone: readonly string[]) => (resources: JsonMap): JsonMap => Object.fromEntries(Object.entries(resources).filter(([id]) => !gone.includes(id)));

test('the way of the lines is followed from the log group to where they stay', () => {
  const model = modelWith();
  expect(ids(subscribedGroups(model))).toEqual(['Hot']);
  expect(ids(logStreams(model))).toEqual(['Stream']);
  expect(ids(archives(model))).toEqual(['Archive']);
  expect(ids(logBuckets(model)).sort()).toEqual(['Archive', 'Arrivals']);
});

test('without a subscription nothing is a trail', () => {
  const model = modelWith(without('Subscription'));
  expect([subscribedGroups, logStreams, archives, logBuckets, archiveQueries].map((find) => ids(find(model)))).toEqual([[], [], [], [], []]);
});

test('where nothing is handed on, records stay where they arrive', () => {
  const model = modelWith((resources) => ({ ...resources, Arrivals: { Type: 'AWS::S3::Bucket', Properties: {} } }));
  expect(ids(archives(model))).toEqual(['Arrivals']);
});

test('where they are handed on to a bucket of somebody else, none of the templates is the archive', () => {
  const elsewhere = { Rules: [{ Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::elsewhere' } }] };
  const model = modelWith((resources) => ({ ...resources, Arrivals: { Type: 'AWS::S3::Bucket', Properties: { ReplicationConfiguration: elsewhere } } }));
  expect(ids(archives(model))).toEqual([]);
  expect(ids(logBuckets(model))).toEqual(['Arrivals']);
});

test('of saved queries, those are meant that ask delivered records or their log group', () => {
  const model = modelWith((resources) => ({
    ...resources,
    Others: { Type: 'AWS::Athena::NamedQuery', Properties: { Database: 'sales', QueryString: 'SELECT 1' } },
    Elsewhere: { Type: 'AWS::Logs::LogGroup' },
    Reads: { Type: 'AWS::Logs::LogGroup' },
    ToReads: { Type: 'AWS::Events::Rule', Properties: { Targets: [{ Id: 'a', Arn: { 'Fn::Join': ['', ['arn:aws:logs:eu-central-1:1:log-group:', { Ref: 'Reads' }]] } }] } },
    AboutReads: { Type: 'AWS::Logs::QueryDefinition', Properties: { Name: 'y', LogGroupNames: [{ Ref: 'Reads' }], QueryString: 'limit 1' } },
    Foreign: { Type: 'AWS::Logs::QueryDefinition', Properties: { Name: 'x', LogGroupNames: [{ Ref: 'Elsewhere' }], QueryString: 'parse @message "*" as x' } },
  }));
  expect(ids(archiveQueries(model))).toEqual(['Refusals', 'Story']);
  expect(ids(logQueries(model))).toEqual(['Errors', 'Often', 'AboutReads']);
});
