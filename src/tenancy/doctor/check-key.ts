import type { Environment } from '../../environment.ts';
import type { OpenConnection } from '../../stripe/stripe-connections.ts';
import { isKeyRefused, isRightMissing } from '../../stripe/stripe-trouble.ts';
import { type Finding, ill, well } from './finding.ts';

/** Seconds by which our clock may differ: signatures older than 300 are refused. */
const tolerableSkew = 60;

/**
 * Whether Stripe takes the connection's key, whose it is, and what our clock says of it. `reached` is false where nothing
 * further can be asked.
 */
export async function checkKey({
  stripe,
  keyPrefix,
  environment,
  stripeAccountId,
}: OpenConnection): Promise<{ findings: Finding[]; reached: boolean }> {
  const mode = checkMode(keyPrefix, environment);
  const setting = `STRIPE_${environment}_SECRET_KEY`;
  try {
    const askedAt = Date.now();
    const account = await stripe.accounts.retrieveCurrent();
    const clock = checkClock(account.lastResponse.headers.date, (askedAt + Date.now()) / 2);
    const valid =
      account.id === stripeAccountId
        ? well('KEY_VALID', `Stripe takes the key: it is of the account ${account.id}.`)
        : ill(
            'KEY_VALID',
            `The key is of the account ${account.id}, and the rows here are of ${stripeAccountId}.`,
            `Set ${setting} to a key of ${stripeAccountId} and restart.`,
          );
    return { findings: [valid, mode, clock], reached: true };
  } catch (failure) {
    const { message } = failure as Error;
    // Stripe knows the key, which may be without the right to see the account.
    if (isRightMissing(failure)) return { findings: [well('KEY_VALID', 'Stripe takes the key.'), mode], reached: true };
    const invalid = isKeyRefused(failure)
      ? ill('KEY_VALID', `Stripe refuses the key: ${message}`, `Set ${setting} to a valid key and restart.`)
      : ill(
          'KEY_VALID',
          `Stripe cannot be asked: ${message}`,
          'Check the network, STRIPE_API_URL and status.stripe.com.',
        );
    return { findings: [invalid, mode], reached: false };
  }
}

function checkMode(keyPrefix: string, environment: Environment): Finding {
  const mode = /^[a-z]+_(test|live)_/.exec(keyPrefix)?.[1]?.toUpperCase();
  if (mode === environment) return well('KEY_MODE', `The key is for ${environment}.`);
  return ill(
    'KEY_MODE',
    `The key is ${mode ? `for ${mode}` : 'of no known mode'}, and the connection is for ${environment}.`,
    `Set STRIPE_${environment}_SECRET_KEY to a key that begins with sk_${environment.toLowerCase()}_ or rk_${environment.toLowerCase()}_, and restart.`,
  );
}

function checkClock(date: string | undefined, now: number): Finding {
  const skew = Math.round((now - Date.parse(date ?? '')) / 1000);
  if (Number.isNaN(skew)) return well('CLOCK', 'Stripe did not say what time it is.');
  if (Math.abs(skew) <= tolerableSkew) return well('CLOCK', 'Our clock agrees with that of Stripe.');
  return ill(
    'CLOCK',
    `Our clock is ${Math.abs(skew)} seconds ${skew > 0 ? 'ahead of' : 'behind'} that of Stripe: signatures seem too old or too new.`,
    'Set the clock of this machine, by NTP for instance.',
  );
}
