import type { AccessExplanationType } from './access-explanation.type.ts';
import type { Explanation } from './explain-access.ts';

/** An explanation as it is published. */
export const viewExplanation = ({ counted, sources, type, ...verdict }: Explanation): AccessExplanationType => ({
  ...verdict,
  sources: sources.map((source) => {
    const { amount, subscription, grant, stood: _, ...others } = source;
    return {
      ...others,
      counted: counted.has(source),
      limit: amount,
      unlimited: type === 'LIMIT' && others.allowed && amount === null,
      subscriptionId: subscription?.id ?? null,
      subscriptionStatus: subscription?.status ?? null,
      productId: subscription?.productId ?? null,
      quantity: subscription?.quantity ?? null,
      grantId: grant?.id ?? null,
      reason: grant?.reason ?? null,
      actorKind: grant?.actorKind ?? null,
      actorId: grant?.actorId ?? null,
    };
  }),
});
