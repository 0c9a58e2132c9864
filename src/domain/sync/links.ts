import type { Store } from '../../ports/store.ts';
import type { ConnectorId } from '../connectors/connector.ts';
import type { PersonId } from '../directory/person.ts';

/** Whose account a target id is; read from the store when first asked for, since most runs never do. */
export class Links {
  readonly #store: Store;
  readonly #connectorId: ConnectorId;
  #owners: Promise<Map<string, PersonId>> | undefined;

  constructor(store: Store, connectorId: ConnectorId) {
    this.#store = store;
    this.#connectorId = connectorId;
  }

  async ownerOf(targetId: string): Promise<PersonId | undefined> {
    this.#owners ??= this.#read();
    return (await this.#owners).get(targetId);
  }

  /** A link made by this run. */
  add(targetId: string, personId: PersonId): void {
    if (this.#owners !== undefined) void this.#owners.then((owners) => owners.set(targetId, personId));
  }

  async #read(): Promise<Map<string, PersonId>> {
    const owners = new Map<string, PersonId>();
    for await (const page of this.#store.scan('account', { prefix: `${this.#connectorId}/` })) {
      for (const { value } of page)
        if (value.targetId !== null && (value.state === 'active' || value.state === 'inactive')) owners.set(value.targetId, value.personId);
    }
    return owners;
  }
}
