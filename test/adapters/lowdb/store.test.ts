import type { JsonStore } from '../../../src/adapters/lowdb/store.ts';
import type { Limits } from '../../../src/adapters/lowdb/upkeep.ts';
import { storeContract } from '../../contracts/store.ts';
import { newFolder, openIn, removeFolder } from './home.ts';

async function home(limits: Partial<Limits>) {
  const folder = await newFolder();
  let store: JsonStore = await openIn(folder, limits);
  return {
    store,
    reopen: async () => {
      await store.close();
      store = await openIn(folder, limits);
      return store;
    },
    remove: async () => {
      await store.close();
      await removeFolder(folder);
    },
  };
}

storeContract('The JSON store', () => home({}));
storeContract('The JSON store that compacts after every commit', () => home({ journal: 1, tail: 1 }));
storeContract('The JSON store that moves rows to segments after every commit', () => home({ tail: 1 }));
