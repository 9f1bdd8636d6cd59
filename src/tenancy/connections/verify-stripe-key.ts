import type { Environment } from '../../environment.ts';
import { badInput } from '../../errors.ts';
import { createStripe, keyPrefixOf } from '../../stripe/stripe-connections.ts';
import { isKeyRefused, isRightMissing } from '../../stripe/stripe-trouble.ts';
import { checkRights } from '../doctor/check-rights.ts';

/**
 * Finds out whose key it is, and that it will do.
 * @returns the id of the Stripe account.
 * @throws Refusal BAD_USER_INPUT where it is no secret key, of the other mode, refused by Stripe, or restricted and without a
 * right that is needed, which is named. Stripe's own error where Stripe cannot be asked.
 */
export async function verifyStripeKey(
  { apiUrl }: { apiUrl: string },
  { environment, secretKey }: { environment: Environment; secretKey: string },
): Promise<string> {
  const mode = environment.toLowerCase();
  if (!new RegExp(`^(sk|rk)_${mode}_\\w{8,500}$`).test(secretKey))
    throw badInput(`A secret key for ${environment} begins with sk_${mode}_ or rk_${mode}_.`, 'secretKey');
  const stripe = createStripe(secretKey, apiUrl);
  const account = await stripe.accounts.retrieveCurrent().catch((failure) => {
    if (isKeyRefused(failure)) throw badInput('Stripe refuses this key. Copy it again.', 'secretKey');
    if (isRightMissing(failure))
      throw badInput('This restricted key may not see its own account. Give it the right Accounts: read.', 'secretKey');
    throw failure;
  });
  const rights = await checkRights({ stripe, keyPrefix: keyPrefixOf(secretKey) });
  if (!rights.ok) throw badInput(`${rights.message} ${rights.mend}`, 'secretKey');
  return account.id;
}
