import { type Claim, type Claims, inContainers, TASK } from './claim';

/** What a program is told; which profile it is of stands in the template's metadata, and is not deployed. */
const TOLD: Claim = { type: TASK, properties: inContainers('Name', 'Environment', 'Secrets') };

/** Whether programs are told what their documents ask for. */
export const CFG_CLAIMS: Claims = {
  'CFG-1': [TOLD],
  'CFG-2': [TOLD],
  'CFG-3': [TOLD, { type: 'AWS::SecretsManager::RotationSchedule', properties: ['SecretId'] }],
  'CFG-4': [TOLD],
  'CFG-6': [TOLD],
  'CFG-7': [TOLD],
};
