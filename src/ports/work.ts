/** Hands work to the worker; each job is already in the store, so a restart finds it again. */
export interface Work {
  /** Starts (or wakes) the run. At most one a connector is under way. */
  run(runId: string): void;
  /** Starts the rehearsal of the connector's draft. */
  rehearse(connectorId: string): void;
  /** Letters are due: they are sent, in their order, as fast as the mail server and its rate take them (E3). */
  mail(): void;
  /** People were granted a seat (E10): their accounts are made active in the target, all that wait in one run. */
  activate(connectorId: string): void;
}
