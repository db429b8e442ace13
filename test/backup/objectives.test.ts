import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AssetBucket, BackupCopy, type BackupsProps, BackupSource, GateTable } from '../../src';
import { backed } from '../support/backups';
import { ENV } from '../support/network-stack';
import { COPIES, plainTable } from './parts';

describe('It refuses', () => {
  const REFUSED: readonly (readonly [string, (stack: Stack) => Partial<BackupsProps>, RegExp])[] = [
    ['nothing to back up', () => ({ sources: [] }), /sources is \[\]\. Name what is backed up/],
    ['one source twice', (stack) => {
      const table = new GateTable(stack, 'Keys');
      return { sources: [BackupSource.gateTable(table), BackupSource.gateTable(table)] };
    }, /sources is "Test\/Keys\/Table"\. Name it once/],
    ['nobody who may restore', () => ({ restorers: [] }), /restorers is \[\]\. Name a role/],
    ['to lose less than can be rewound', () => ({ rpo: Duration.minutes(1) }), /rpo is "1 minute"\. Name 15 minutes or more: Test\/Assets\/Bucket cannot/],
    ['to lose less than snapshots hold', (stack) => ({ sources: [plainTable(stack)], rpo: Duration.hours(5) }), /rpo is "5 hours"\. Name 6 hours or more, or turn point-in-time recovery on/],
    ['copies that are younger than snapshots', () => ({ copy: BackupCopy.toVaultArn(COPIES, { rpo: Duration.hours(1) }) }), /copy\.rpo is "1 hours"\. Name 6 hours or more, or bear with older copies/],
    ['a restore that nobody can make so fast', () => ({ rto: Duration.minutes(5) }), /rto is "5 minutes"\. Name 1 hour or more/],
    ['to keep snapshots shorter than moments', () => ({ retention: Duration.days(34) }), /retention is "34 days"\. Name whole days from 35 to 36500/],
    ['part of a day', () => ({ retention: Duration.hours(900) }), /retention is/],
    ['cold storage where a restore must be fast', () => ({ rto: Duration.hours(71), retention: Duration.days(180), coldAfter: Duration.days(30) }),
      /coldAfter is "30 days"\. Leave it out, or promise an rto of 72 hours or more/],
    ['cold storage that is too short', () => ({ rto: Duration.days(3), retention: Duration.days(100), coldAfter: Duration.days(11) }), /coldAfter is "11 days"\. Name whole days from 1 to 10/],
    ['cold storage for nothing', () => ({ rto: Duration.days(3), coldAfter: Duration.days(1) }), /coldAfter is "1 day"\. Leave it out, or keep snapshots \(retention\) for 90 days more/],
    ['cold storage of buckets', (stack) => ({
      sources: [BackupSource.assets(new AssetBucket(stack, 'Bucket'))], rto: Duration.days(3), retention: Duration.days(180), coldAfter: Duration.days(1),
    }), /AWS Backup keeps only tables in cold storage/],
    ['to give snapshots up at once', () => ({ completeWithin: Duration.hours(1) }), /completeWithin is "1 hour"\. Name whole hours from 2 to 168/],
    ['tests of what is not there yet', () => ({ restoreTestWindow: Duration.days(1) }), /restoreTestWindow is "1 day"\. Name whole days from 2 to 35/],
    ['tests of what is gone', () => ({ restoreTestWindow: Duration.days(36) }), /restoreTestWindow is "36 days"/],
    ['a lock without a cooling-off', () => ({ coolingOff: Duration.days(2) }), /coolingOff is "2 days"\. Name whole days from 3/],
    ['a removal policy without a lock', () => ({ removalPolicy: RemovalPolicy.SNAPSHOT }), /removalPolicy is "snapshot"\. Name RemovalPolicy\.RETAIN or RemovalPolicy\.DESTROY/],
    ['a copy in the same region', () => ({ copy: BackupCopy.toVaultArn('arn:aws:backup:eu-central-1:111122223333:backup-vault:copies') }),
      /copy is "a vault of eu-central-1"\. Name a vault of another region/],
    ['a copy in another account', () => ({ copy: BackupCopy.toVaultArn('arn:aws:backup:eu-west-1:999999999999:backup-vault:copies') }), /Name a vault of account 111122223333/],
    ['a copy that is no vault', () => ({ copy: BackupCopy.toVaultArn('copies') }), /copy is "copies"\. Name the ARN of a vault/],
  ];

  test.each(REFUSED)('%s', (_, props, message) => expect(() => backed(props)).toThrow(message));

  test('a copy where nobody knows the region', () => {
    expect(() => backed(() => ({ copy: BackupCopy.toVaultArn(COPIES) }), {})).toThrow(/copy is "a vault of eu-west-1"\. Give this stack a region/);
  });

  test('a store of another region', () => {
    const app = new App();
    const other = new Stack(app, 'Other', { env: { ...ENV, region: 'us-east-1' } });
    const bucket = new AssetBucket(other, 'Assets');
    expect(() => backed(() => ({ sources: [BackupSource.assets(bucket)] }), ENV, app)).toThrow(/sources is "of us-east-1"/);
  });
});
