export { createMetrics, type GateMetrics } from './create';
export { startEmf } from './emf';
export { serveMetrics, type MetricsServer } from './serve';
