import { equivalent } from './write';

const ALARM = /CloudWatch::Alarm/;
const RULE = /Events::Rule/;
const CALLS = /Lambda::Permission/;
const FUNCTION = /Lambda::Function/;
const POLICY = /IAM::Policy/;
const SCHEDULE = /SecretsManager::RotationSchedule/;
const AGES = /.*RotationDaily\w*/;

/** What renews secrets, brings them to tasks, and tells who reads them. */
export const SECRET_VERDICTS = [
  ...equivalent('a description, which nothing reads', [ALARM, /AlarmDescription/, /delete/]),
  ...equivalent('the rule is on by default, and sees more in the other state', [RULE, /State/, /delete|=ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS/, /.*(RotationDaily|Rollout(LabelUpdated|Deployed|Net)|FailedTasksRule)[0-9A-F]{8}/]),
  ...equivalent('a function that is told nothing, or too little, fails, and its alarm tells', [FUNCTION, /(?!Role|VpcConfig|LoggingConfig|Environment).*/, /delete|detach|flip|min|max|times 1000|over 10|=.*/, /.*(RotationHandler|RolloutHandler).*/],
    [FUNCTION, /Environment(\.Variables(\.ROLLOUT)?)?/, /delete|detach/, /.*RolloutHandler.*/]),
  ...equivalent('a function has no public address, so no route leads it out of another subnet; without one, or without its group, it is refused or reaches nothing', [FUNCTION, /VpcConfig(\.\w+(\[\d\])?)?/, /delete|detach/, /.*RotationHandler.*/],
    [FUNCTION, /VpcConfig\.SubnetIds\[\d\]/, /repoint/, /.*RotationHandler.*/]),
  ...equivalent('the age is no longer told, and the alarm on it takes silence for a breach', [RULE, /State/, /=DISABLED/, AGES], [RULE, /Targets(\[0\](\.Arn)?)?/, /delete|remove|repoint/, AGES], [CALLS, /Properties|FunctionName|SourceArn/, /drop|repoint/, AGES]),
  ...equivalent('the function renews the one secret that it is set up with and refuses every other, and only this account\'s Secrets Manager may call it', [CALLS, /SourceArn/, /detach/, /.*RotationInvoke\w*/]),
  ...equivalent('the ARN of the secret names the account', [CALLS, /SourceAccount/, /delete/, /.*RotationInvoke\w*/]),
  ...equivalent('rotated once more, at once', [SCHEDULE, /RotateImmediatelyOnUpdate/, /delete|flip/]),
  ...equivalent('the secret is renewed as often as before; the command line that renews it at once no longer finds it by itself', [/SecretsManager::Secret/, /Tags\[cdk-secure-core:rotates\]/, /remove/]),
  ...equivalent('the role runs none of our code, and the secret stays as old as the alarm on its age allows', [POLICY, /Roles\[0\]/, /repoint/, /(PublicApi|RemoteCore)\/.*GateRotationHandlerRole.*/]),
  ...equivalent('an interface that the role makes for itself is attached to nothing, and it may not attach one', [POLICY, /PolicyDocument\.Statement\[AddressesByLambda\]\.Condition/, /delete/]),
  ...equivalent('when other secrets changed is told, and no value', [POLICY, /PolicyDocument\.Statement\[[15]\]\.Resource/, /widen to \*/, /.*RolloutHandlerRole.*/]),
  ...equivalent('which tasks of other clusters run is told, and nothing is changed there', [POLICY, /PolicyDocument\.Statement\[4\]\.Condition/, /delete/, /.*RolloutHandlerRole.*/]),
  ...equivalent('the condition lets in this account alone, whose roles name the users that they may change', [/EC2::VPCEndpoint/, /PolicyDocument\.Statement\[0\]\.Resource/, /widen to \*/, /.*Elasticache.*/]),
  ...equivalent('the gate waits for a container that is not there: the service refuses the task', [/ECS::TaskDefinition/, /ContainerDefinitions\[Core\]/, /remove/, /PublicApi\/.*/]),
  ...equivalent('the alarm counts what matches all the same, and the trail says who it was', [RULE, /Targets(\[0\])?/, /delete|remove/, /.*SecretAccess(Unexpected|Denied)\d?[0-9A-F]{8}/], [/Logs::ResourcePolicy/, /Properties/, /drop/, /.*SecretAccessRecords.*/]),
  ...equivalent('all that the rule watches is the password of a user that is off, by which nobody logs in', [RULE, /State/, /delete|=ENABLED|rule: sees no reads/, /(PublicApi|Stores)\/CoreSecretAccessUnexpected2[0-9A-F]{8}/]),
];
