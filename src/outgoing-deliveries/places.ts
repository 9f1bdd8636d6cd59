/** Who may send now. */
export type Places = {
  /** Takes a place. @returns null where there was one, or else after how many milliseconds to come back. */
  enter(endpointId: string): number | null;
  /** Gives the place back. @param took whether the endpoint took what was sent; left out where nothing was. */
  leave(endpointId: string, took?: boolean): void;
};

type Endpoint = { busy: number; isFailing: boolean; nextReturn: number };

/** So many deliveries are under way at once in a process: to one endpoint, to one that failed last, and to all. */
const [ofEndpoint, ofFailing, ofAll] = [10, 2, 300];
/** Whoever finds no place comes back in line, so many milliseconds after the one before, and a minute later at most. */
const [betweenReturns, betweenReturnsToFailing, soonest, latest] = [2, 50, 100, 60_000];

/**
 * Keeps an endpoint that is slow from taking the places of others, and one that fails from taking more than a few; and a long queue
 * from being claimed over and over.
 */
export function createPlaces(): Places {
  const endpoints = new Map<string, Endpoint>();
  let busy = 0;
  return {
    enter(id) {
      const endpoint = endpoints.get(id) ?? { busy: 0, isFailing: false, nextReturn: 0 };
      if (busy >= ofAll || endpoint.busy >= (endpoint.isFailing ? ofFailing : ofEndpoint)) {
        endpoints.set(id, endpoint);
        return waitOf(endpoint);
      }
      endpoint.busy += 1;
      busy += 1;
      endpoints.set(id, endpoint);
      return null;
    },
    leave(id, took) {
      const endpoint = endpoints.get(id)!;
      endpoint.busy -= 1;
      busy -= 1;
      if (took !== undefined) endpoint.isFailing = !took;
      if (!endpoint.busy && !endpoint.isFailing && endpoint.nextReturn < Date.now()) endpoints.delete(id);
    },
  };

  function waitOf(endpoint: Endpoint): number {
    const now = Date.now();
    const between = endpoint.isFailing ? betweenReturnsToFailing : betweenReturns;
    endpoint.nextReturn = Math.max(endpoint.nextReturn, now + soonest) + between;
    if (endpoint.nextReturn - now > latest) endpoint.nextReturn = now + latest / 2;
    return endpoint.nextReturn - now;
  }
}
