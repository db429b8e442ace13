/** Names of properties that may hold a secret, whatever stands there: what they hold is never repeated. */
export const PRIVATE = /Environment|Secret|Password|Token|Command|EntryPoint|HealthCheck|DockerLabels|LogConfiguration|Auth(?!orization)|SearchString|Regex|RegularExpression|HttpHeader|QueryString|LoginProfile/i;
