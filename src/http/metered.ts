import type { FastifyReply } from 'fastify';
import type { Allowance } from '../limits/allowance.ts';
import { rateLimitHeaders } from '../limits/rate-limit-headers.ts';

/** Says in the answer's headers what is left, whatever the answer is; one that spent nothing costs all the same. */
export async function metered<Answer>(
  reply: FastifyReply,
  allowance: Allowance,
  answer: () => Promise<Answer>,
): Promise<Answer> {
  try {
    const given = await answer();
    await allowance.settle();
    return given;
  } catch (failure) {
    await allowance.settle();
    throw failure;
  } finally {
    reply.headers(rateLimitHeaders(allowance.balances));
  }
}
