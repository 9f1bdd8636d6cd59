import type { Stored } from '../objects.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import { newConfiguration, noFeatures } from './new-configuration.ts';

/**
 * What the portal offers where a session names no configuration. Stripe's is made in its dashboard; here the first use makes
 * one that offers everything, with every active recurring price to switch to.
 */
export async function defaultConfiguration(tx: AccountTransaction): Promise<Stored<'billing_portal.configuration'>> {
  const [found] = await tx.all('billing_portal.configuration', { is_default: true });
  return (
    found ??
    newConfiguration(tx, {
      is_default: true,
      features: {
        ...noFeatures,
        customer_update: { allowed_updates: ['email', 'name'], enabled: true },
        invoice_history: { enabled: true },
        payment_method_update: { enabled: true, payment_method_configuration: null },
        subscription_cancel: { ...noFeatures.subscription_cancel, enabled: true },
        subscription_update: {
          ...noFeatures.subscription_update,
          default_allowed_updates: ['price'],
          enabled: true,
          proration_behavior: 'create_prorations',
        },
      },
    })
  );
}
