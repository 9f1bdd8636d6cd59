import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { type ListedObject, listings, type Section } from './backfill-objects.ts';

/** The lists to walk: of each kind, and of those under each test clock of the account. */
export async function planSections<Of extends ListedObject>(
  { stripe, environment }: Pick<OpenConnection, 'stripe' | 'environment'>,
  { objects }: { objects: Of[] },
): Promise<Section<Of>[]> {
  const clocks: string[] = [];
  if (environment === 'TEST' && objects.some((object) => listings[object].byTestClock))
    for await (const { id } of stripe.testHelpers.testClocks.list({ limit: 100 })) clocks.push(id);
  return objects.flatMap((object) => [
    { object, testClock: null },
    ...(listings[object].byTestClock ? clocks.map((testClock) => ({ object, testClock })) : []),
  ]);
}
