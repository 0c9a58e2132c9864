import { createTargets } from '../../../src/adapters/undici/targets.ts';
import { manualClock } from '../../clock.ts';
import { targetContract } from '../../contracts/target.ts';
import { startProvider } from './provider.ts';

targetContract('undici, with scimmy as the service provider', async () => {
  const provider = await startProvider();
  const targets = createTargets({ allow: [new URL(provider.baseUrl).host], clock: manualClock() });
  return {
    target: targets.open(provider.baseUrl, provider.token, 4),
    stranger: targets.open(provider.baseUrl, 'another-token', 4),
    async close() {
      await targets.close();
      await provider.close();
    },
  };
});
