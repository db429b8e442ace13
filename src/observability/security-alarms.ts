import { Duration, Lazy, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct, type IConstruct } from 'constructs';
import type { IAuditTrail } from '../audit/audit-trail';
import type { CoreService } from '../core/core-service';
import type { SecureMemcached } from '../data/secure-memcached';
import type { SecurePostgres } from '../data/secure-postgres';
import type { SecureRedis } from '../data/secure-redis';
import type { IIngress } from '../ingress/ingress';
import { SecureIngress } from '../ingress/secure-ingress';
import { ALARM_METADATA } from './alarm-contract';
import { type AlarmGroup, type AlarmName, factsOf } from './alarm-facts';
import { type AlarmThresholds, type Figures, figuresOf } from './alarm-thresholds';
import { CORE_READINGS, type CoreAlarmName, type CoreSources, readCore } from './core-readings';
import { IdentityRefusals } from './identity-refusals';
import { incidentDashboard } from './incident-dashboard';
import { oneInStack } from './standing-alarms';
import { memcachedReadings, postgresReadings, redisReadings, type StoreReading } from './store-readings';
import { TaskFailures } from './task-failures';
import { told } from './told';

/** What is watched, and who is told. */
export interface SecurityAlarmsProps {
  /** The Core, with the gate in front of it. */
  readonly core: CoreService;

  /** What its callers come through. */
  readonly ingress: IIngress;

  /** Where its audit records are searched by caller. */
  readonly audit: IAuditTrail;

  /** Who is told of every alarm, such as an `AlarmTopic`. */
  readonly alarmTopic: ITopic;

  /**
   * From where on something is an alarm.
   *
   * @default - the defaults of AlarmThresholds
   */
  readonly thresholds?: AlarmThresholds;

  /**
   * Alarms that stand already and mean an attack as well, such as those on reads of secrets. Of another stack they are left out.
   *
   * @default - none
   */
  readonly signsOfAttack?: cloudwatch.IAlarm[];

  /**
   * Alarms that stand already and mean a fault as well, such as those of the audit trail and of roll-outs. Of another stack they are left out.
   *
   * @default - none
   */
  readonly signsOfFault?: cloudwatch.IAlarm[];
}

const COMPARISONS = {
  'at least': cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
  'above': cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  'below': cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
} as const;

const SILENCES = {
  breaching: cloudwatch.TreatMissingData.BREACHING,
  notBreaching: cloudwatch.TreatMissingData.NOT_BREACHING,
  ignore: cloudwatch.TreatMissingData.IGNORE,
} as const;

/** Of several Cores that share a store, the first watches it. */
const watched = new WeakSet<IConstruct>();

/**
 * The alarms of a Core, all of which tell somebody when they start and when they end (MON-1, MON-2, MON-6), what they come to together, and a page with the
 * figures of an incident. What each means and what to do first is in docs/alarms.md.
 */
export class SecurityAlarms extends Construct {
  /** Every alarm that was made here, without the two that they come to. What an alarm of the stack looks at already, such as the load balancer of two Cores, gets no second one. */
  public readonly alarms: cloudwatch.IAlarm[] = [];

  /** Somebody tries to get in, or has: any of the alarms on refused callers, blocked requests and spent budgets. */
  public readonly underAttack: cloudwatch.IAlarm;

  /** Callers are not served as they should be, or records are lost. */
  public readonly unhealthy: cloudwatch.IAlarm;

  /** The figures of an incident on one page. */
  public readonly dashboard: cloudwatch.Dashboard;

  private readonly topic: ITopic;
  private readonly figures: Figures;
  private readonly shown: cloudwatch.IAlarm[];
  private readonly groups: Readonly<Record<AlarmGroup, cloudwatch.IAlarm[]>>;

  public constructor(scope: Construct, id: string, props: SecurityAlarmsProps) {
    super(scope, id);
    const { core, ingress, audit, signsOfAttack = [], signsOfFault = [] } = props;
    // Those of other stacks would make the two need each other.
    const own = (alarm: cloudwatch.IAlarm): boolean => Stack.of(alarm) === Stack.of(this);
    this.groups = { attack: signsOfAttack.filter(own), fault: signsOfFault.filter(own) };
    this.topic = props.alarmTopic;
    this.figures = figuresOf(this, 'thresholds', props.thresholds);
    const sources: CoreSources = {
      core,
      ingress,
      webAcl: ingress instanceof SecureIngress ? ingress.webAcl : undefined,
      refusals: new IdentityRefusals(this, 'RefusalsByCaller', audit),
      failures: new TaskFailures(this, 'FailedTasks', { service: core.service }),
      figures: this.figures,
    };
    for (const name of Object.keys(CORE_READINGS) as CoreAlarmName[]) {
      const metric = readCore(name, sources, Duration.minutes(factsOf(name).minutes));
      if (!metric) continue;
      const alarm = this.alarm(this, name, metric);
      // Before there are tasks, silence means nothing.
      if (factsOf(name).silence === 'breaching') alarm.node.addDependency(core.service);
      if (name === 'IdentityRefusals') alarm.node.addDependency(sources.refusals);
    }
    this.underAttack = this.together('UnderAttack', 'attack', 'Somebody tries to get in, or has. First: see which alarms it is, and begin with docs/runbooks/compromise.md.');
    this.unhealthy = this.together('Unhealthy', 'fault', 'Callers are not served as they should be, or records are lost. First: see which alarms it is in docs/alarms.md.');
    this.shown = [...new Set([this.underAttack, this.unhealthy, ...this.alarms, ...this.groups.attack, ...this.groups.fault])];
    this.dashboard = incidentDashboard(this, sources, audit, this.shown);
  }

  /**
   * Watches a database that the Core keeps data in. One that is watched already stays as it is.
   *
   * @param postgres that was made by this library
   */
  public watchPostgres(postgres: SecurePostgres): void {
    this.watch(postgres, postgresReadings(postgres));
  }

  /**
   * Watches a Redis, such as the one that the gate counts in. One that is watched already stays as it is.
   *
   * @param redis that was made by this library
   */
  public watchRedis(redis: SecureRedis): void {
    this.watch(redis, redisReadings(redis));
  }

  /**
   * Watches a Memcached. One that is watched already stays as it is.
   *
   * @param memcached that was made by this library
   */
  public watchMemcached(memcached: SecureMemcached): void {
    this.watch(memcached, memcachedReadings(memcached));
  }

  private watch(store: IConstruct, readings: readonly StoreReading[]): void {
    if (watched.has(store)) return;
    watched.add(store);
    // Two stores of one kind have the same alarms.
    const place = new Construct(this, `Store${store.node.addr.slice(-8)}`);
    for (const { name, suffix = '', read } of readings) {
      this.shown.push(this.alarm(place, name, read(Duration.minutes(factsOf(name).minutes)), suffix, store.node.path));
    }
  }

  private alarm(parent: Construct, name: AlarmName, metric: cloudwatch.IMetric, suffix = '', of = this.node.scope?.node.path ?? ''): cloudwatch.Alarm {
    const { means, sounds, limit, of: [datapointsToAlarm, evaluationPeriods], silence, first, page, group } = factsOf(name);
    const threshold = limit(this.figures);
    const alarm = oneInStack(Stack.of(this), { name, metric, threshold }, () => {
      const made = new cloudwatch.Alarm(parent, `${name}${suffix}`, {
        metric,
        alarmDescription: `${of}: ${means} First: ${first} docs/${page}`,
        threshold,
        comparisonOperator: COMPARISONS[sounds],
        evaluationPeriods,
        datapointsToAlarm,
        treatMissingData: SILENCES[silence],
      });
      (made.node.defaultChild as cloudwatch.CfnAlarm).addMetadata(ALARM_METADATA, name);
      this.alarms.push(made);
      return made;
    });
    if (group) this.groups[group].push(alarm);
    return told(alarm, this.topic);
  }

  private together(id: string, group: AlarmGroup, alarmDescription: string): cloudwatch.IAlarm {
    const any = (): string => cloudwatch.AlarmRule.anyOf(...this.groups[group].map((alarm) => cloudwatch.AlarmRule.fromAlarm(alarm, cloudwatch.AlarmState.ALARM))).renderAlarmRule();
    // Stores are watched later.
    const alarmRule: cloudwatch.IAlarmRule = { renderAlarmRule: () => Lazy.string({ produce: any }) };
    const alarm = new cloudwatch.CompositeAlarm(this, id, { alarmDescription, alarmRule });
    const action = new SnsAction(this.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    return alarm;
  }
}
