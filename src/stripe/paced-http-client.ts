import Stripe from 'stripe';
import type { Pace } from './create-pace.ts';

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;
type Answer = Awaited<ReturnType<HttpClient['makeRequest']>>;

/** How often a request is sent again that Stripe found too much. Then whoever asked comes back later. */
const patience = 3;
/** Milliseconds without questions where Stripe names no time. */
const usualRest = 1_000;
const longestRest = 30_000;

/** Of a live account, Stripe takes more of these than of anything else. */
const meterEventsPath = '/v1/billing/meter_events';

/**
 * What sends the requests of the background: each one waits for its turn, pages and retries of the SDK as well. Where Stripe
 * answers 429, all processes rest as long as Stripe says, and the request is sent again.
 * @param usagePace that of meter events, where they have another one.
 */
export function pacedHttpClient(
  pace: Pace,
  connection: Parameters<Pace['turn']>[0],
  usagePace: Pace = pace,
): HttpClient {
  const client = Stripe.createNodeHttpClient();
  return {
    getClientName: () => client.getClientName(),
    async makeRequest(...request) {
      const [, , path] = request;
      const ofPath = path === meterEventsPath ? usagePace : pace;
      for (let attempt = 0; ; attempt++) {
        await ofPath.turn(connection);
        const answer = await client.makeRequest(...request);
        if (!isTooMuch(answer) || attempt === patience) return answer;
        await answer.toJSON().catch(() => {});
        await ofPath.suspend(connection.id, restOf(answer));
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
