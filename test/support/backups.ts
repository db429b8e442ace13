import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { AlarmTopic, AssetBucket, Backups, type BackupsProps, BackupSource, GateTable, PrivateNetwork, Recipient, SecurePostgres, Size } from '../../src';
import { ENV } from './network-stack';

/** Everything that may be backed up. */
export function everySource(stack: Stack): BackupSource[] {
  const network = new PrivateNetwork(stack, 'Network');
  return [
    BackupSource.postgres(new SecurePostgres(stack, 'Postgres', { network, size: Size.STANDARD })),
    BackupSource.assets(new AssetBucket(stack, 'Assets')),
    BackupSource.gateTable(new GateTable(stack, 'Keys')),
  ];
}

export interface Backed {
  readonly stack: Stack;
  readonly backups: Backups;
  readonly template: Template;
}

/** Backups of two stores that are quickly made, or of what a test says. */
export function backed(props: (stack: Stack) => Partial<BackupsProps> = () => ({}), env: { readonly account?: string; readonly region?: string } = ENV, app = new App()): Backed {
  const stack = new Stack(app, 'Test', { env });
  const given = props(stack);
  const backups = new Backups(stack, 'Backups', {
    sources: given.sources ?? [BackupSource.assets(new AssetBucket(stack, 'Assets')), BackupSource.gateTable(new GateTable(stack, 'Keys'))],
    rpo: Duration.hours(1),
    rto: Duration.hours(8),
    restorers: [new Role(stack, 'Restorer', { assumedBy: new AccountPrincipal(ENV.account) })],
    alarmTopic: new AlarmTopic(stack, 'Alarms', { recipients: [Recipient.email('oncall@acme.com')] }),
    ...given,
  });
  return {
    stack,
    backups,
    get template() {
      return Template.fromStack(stack);
    },
  };
}
