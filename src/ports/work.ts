/** Hands work to the worker; each job is already in the store, so a restart finds it again. */
export interface Work {
  /** Starts (or wakes) the run. At most one a connector is under way. */
  run(runId: string): void;
  /** Starts the rehearsal of the connector's draft. */
  rehearse(connectorId: string): void;
}
