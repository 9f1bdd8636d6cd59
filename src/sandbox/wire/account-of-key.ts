import { createHash } from 'node:crypto';
import type { Settings } from '../store/settings.ts';
import { ApiError } from './api-error.ts';
import { liveAccount } from './live-mode.ts';

const secretKey = /^[sr]k_(?:test|live)_[A-Za-z0-9_]+$/;
const keyOfNamedAccount = /^[sr]k_(?:test|live)_51([A-Za-z0-9]{16})[A-Za-z0-9]+$/;

/**
 * The account whose key the `Authorization` header carries, as Bearer or as Basic's user name. Every test key works:
 * one like Stripe's names its account (`sk_test_51<16 characters><secret>`), any other has an account to itself.
 * @param settings.liveKeys whether live keys work too, each with an account beside that of the test key.
 */
export function accountOfKey(authorization: string | undefined, { liveKeys }: Pick<Settings, 'liveKeys'>): string {
  const key = keyIn(authorization);
  if (!key) {
    throw unauthorised(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  }
  const isLive = /^[sr]k_live_/.test(key);
  if (isLive && !liveKeys) {
    throw unauthorised(
      `This is a sandbox: it refuses live keys (${masked(key)}). Use a test key, such as sk_test_sandbox.`,
    );
  }
  if (key.startsWith('pk_')) {
    const message =
      'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.';
    throw new ApiError(403, { type: 'invalid_request_error', code: 'secret_key_required', message });
  }
  if (!secretKey.test(key)) throw unauthorised(`Invalid API Key provided: ${masked(key)}`);
  const name = keyOfNamedAccount.exec(key)?.[1] ?? createHash('sha256').update(key).digest('hex').slice(0, 16);
  return `acct_1${name}${isLive ? liveAccount : ''}`;
}

function keyIn(authorization = ''): string {
  const [scheme, value = ''] = authorization.trim().split(/ +/, 2);
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme?.toLowerCase() !== 'basic') return '';
  return Buffer.from(value, 'base64').toString().split(':', 1)[0] ?? '';
}

function unauthorised(message: string): ApiError {
  return new ApiError(401, { type: 'invalid_request_error', message });
}

function masked(key: string): string {
  const kind = /^[a-z]{2}_[a-z]{4}_/.exec(key)?.[0] ?? '';
  return `${kind}****${key.slice(kind.length).slice(-4)}`;
}
