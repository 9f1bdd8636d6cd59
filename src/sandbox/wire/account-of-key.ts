import { createHash } from 'node:crypto';
import { ApiError } from './api-error.ts';

const testKey = /^[sr]k_test_[A-Za-z0-9_]+$/;
const keyOfNamedAccount = /^[sr]k_test_51([A-Za-z0-9]{16})[A-Za-z0-9]+$/;

/**
 * The account whose key the `Authorization` header carries, as Bearer or as Basic's user name. Every test key works:
 * one like Stripe's names its account (`sk_test_51<16 characters><secret>`), any other has an account to itself.
 */
export function accountOfKey(authorization: string | undefined): string {
  const key = keyIn(authorization);
  if (!key) {
    throw unauthorised(
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').",
    );
  }
  if (/^[sr]k_live_/.test(key)) {
    throw unauthorised(
      `This is a sandbox: it refuses live keys (${masked(key)}). Use a test key, such as sk_test_sandbox.`,
    );
  }
  if (key.startsWith('pk_')) {
    const message =
      'This API call cannot be made with a publishable API key. Please use a secret API key. You can find a list of your API keys at https://dashboard.stripe.com/account/apikeys.';
    throw new ApiError(403, { type: 'invalid_request_error', code: 'secret_key_required', message });
  }
  if (!testKey.test(key)) throw unauthorised(`Invalid API Key provided: ${masked(key)}`);
  return `acct_1${keyOfNamedAccount.exec(key)?.[1] ?? createHash('sha256').update(key).digest('hex').slice(0, 16)}`;
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
