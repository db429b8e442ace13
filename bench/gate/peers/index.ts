import { caddy } from './caddy';
import { direct } from './direct';
import { envoy } from './envoy';
import { fastify } from './fastify';
import { liteLlm } from './lite-llm';
import { nginx } from './nginx';
import { ours, oursWithLeases } from './ours';
import type { Peer } from './peer';

/** In the order of the report. */
export const PEERS: readonly Peer[] = [direct, ours, oursWithLeases, nginx, envoy, caddy, fastify, liteLlm];
