import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';

/** A secret as the Standard Webhooks specification writes it: 32 random bytes in base64. */
export const newSecret = () => prefix + randomBytes(32).toString('base64');

export type MessageToSign = {
  id: string;
  /** When it is sent, in whole seconds: receivers refuse what is old. */
  seconds: number;
  body: string;
};

/**
 * The headers of the Standard Webhooks specification. While a secret is replaced both sign, and a receiver that knows either
 * is content.
 */
export function signMessage({ id, seconds, body }: MessageToSign, secrets: string[]): Record<string, string> {
  const signatureBy = (secret: string) =>
    createHmac('sha256', Buffer.from(secret.slice(prefix.length), 'base64'))
      .update(`${id}.${seconds}.${body}`)
      .digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': secrets.map((secret) => `v1,${signatureBy(secret)}`).join(' '),
  };
}
