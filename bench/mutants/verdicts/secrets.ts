import { equivalent, missing } from './write';

const ALARM = /CloudWatch::Alarm/;
const RULE = /Events::Rule/;
const FAILURES = /.*(Failures|Reads\d?)[0-9A-F]{8}/;

/** What renews secrets, brings them to tasks, and tells who reads them. */
export const SECRET_VERDICTS = [
  ...equivalent('a description, which nothing reads', [ALARM, /AlarmDescription/, /delete/]),
  ...missing('MON-1', 'the alarm is not raised', [ALARM, /Dimensions\[(FunctionName|RuleName|Secret)\]/, /remove/], [ALARM, /Dimensions\[(FunctionName|RuleName|Secret)\]\.Value/, /repoint/]),
  ...equivalent('one count above the threshold raises the alarm all the same; only silence is taken otherwise', [ALARM, /TreatMissingData/, /delete|=.*/, FAILURES]),
  ...missing('MON-1', 'nobody hears that the age is no longer told', [ALARM, /TreatMissingData/, /delete|=.*/, /.*Age[0-9A-F]{8}/]),
  ...equivalent('the rule is on by default, and sees more in the other state', [RULE, /State/, /delete|=ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS/, /.*(RotationDaily|Rollout(LabelUpdated|Deployed|Net))[0-9A-F]{8}/]),
];
