import type { Environment } from './environment.ts';
import { enumOf } from './graphql/enum-of.ts';

export const EnvironmentEnum = enumOf<Environment>('Environment', "Stripe's two modes. No answer mixes them.", {
  TEST: 'Test mode: no money moves.',
  LIVE: 'Live mode.',
});
