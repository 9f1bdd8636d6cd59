import Stripe from 'stripe';
import type { Pace } from './create-pace.ts';

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;
type Answer = Awaited<ReturnType<HttpClient['makeRequest']>>;

/** How often a request is sent again that Stripe found too much. Then whoever asked comes back later. */
const patience = 3;
/** Milliseconds without questions where Stripe names no time. */
const usualRest = 1_000;
const longestRest = 30_000;

/**
 * What sends the requests of the background: each one waits for its turn, pages and retries of the SDK as well. Where Stripe
 * answers 429, all processes rest as long as Stripe says, and the request is sent again.
 */
export function pacedHttpClient(pace: Pace, connection: Parameters<Pace['turn']>[0]): HttpClient {
  const client = Stripe.createNodeHttpClient();
  return {
    getClientName: () => client.getClientName(),
    async makeRequest(...request) {
      for (let attempt = 0; ; attempt++) {
        await pace.turn(connection);
        const answer = await client.makeRequest(...request);
        if (!isTooMuch(answer) || attempt === patience) return answer;
        await answer.toJSON().catch(() => {});
        await pace.suspend(connection.id, restOf(answer));
      }
    },
  };
}

/** A lock that Stripe could not get is a 429 too, which says that it may be tried again: the SDK does. */
function isTooMuch(answer: Answer): boolean {
  return answer.getStatusCode() === 429 && answer.getHeaders()['stripe-should-retry'] !== 'true';
}

function restOf(answer: Answer): number {
  const seconds = Number(answer.getHeaders()['retry-after']);
  return seconds > 0 ? Math.min(seconds * 1000, longestRest) : usualRest;
}
