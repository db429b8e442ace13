export { type Relay, startRelay } from '../../src/drill/services/relay';
