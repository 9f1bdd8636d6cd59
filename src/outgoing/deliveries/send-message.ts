import type { OutgoingFetch } from '../addresses/outgoing-fetch.ts';
import { type MessageToSign, signMessage } from '../webhooks/sign-message.ts';
import type { Answer } from './judge-answer.ts';

/** In milliseconds, from the look-up of its name to the answer's status. */
export const patienceByDefault = 15_000;
/** So much of an answer's body is kept, in bytes. */
const keptOfBody = 1_024;

/** Sends a message once. It never throws: what came of it is the answer. */
export async function sendMessage(
  { outgoingFetch, patience }: { outgoingFetch: OutgoingFetch; patience: number },
  { url, secrets, ...message }: MessageToSign & { url: string; secrets: string[] },
): Promise<Answer> {
  const headers = new Headers({
    'content-type': 'application/json',
    'user-agent': 'Billgraph',
    ...signMessage(message, secrets),
  });
  try {
    const request = { method: 'POST', headers, body: message.body, patience, enough: keptOfBody };
    const answer = await outgoingFetch(url, request);
    const body = textOf(await answer.text());
    return { status: answer.status, body, retryAfter: answer.headers.get('retry-after') };
  } catch (failure) {
    return { failure: reasonOf(failure as Error, patience) };
  }
}

function reasonOf({ name, message }: Error, patience: number): string {
  if (['AbortError', 'TimeoutError'].includes(name)) return `It did not answer within ${patience / 1000} seconds.`;
  if (/ is not allowed\. Because/.test(message))
    return 'Its address is private or reserved: this server does not reach it (ALLOW_PRIVATE_ADDRESSES).';
  return textOf(`It gave no answer: ${message}`).slice(0, keptOfBody);
}

/** PostgreSQL stores no U+0000. */
const textOf = (text: string) => text.replaceAll('\0', '').toWellFormed();
