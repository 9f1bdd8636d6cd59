/** Who may send now. */
export type Places = {
  /** Takes a place. @returns null where there was one, or else after how many milliseconds to come back. */
  enter(endpointId: string): number | null;
  /** Gives the place back. @param took whether the endpoint took what was sent; left out where nothing was. */
  leave(endpointId: string, took?: boolean): void;
};

type Endpoint = {
  busy: number;
  isFailing: boolean;
  /** How long a place that is given back is behind the one before, in milliseconds, while there is a queue. */
  pace: number;
  leftAt: number;
  /** When the last one of the queue comes back. */
  nextReturn: number;
};

/** So many deliveries are under way at once in a process: to one endpoint, to one that failed last, and to all. */
const [ofEndpoint, ofFailing, ofAll] = [10, 2, 300];
/** Of the returns, in milliseconds. */
const [soonest, latest] = [50, 300_000];
const [quickest, slowest] = [2, 1_000];

/**
 * Keeps an endpoint that is slow from taking the places of others, and one that fails from taking more than a few. Whoever finds no
 * place comes back in line, a little quicker than places become free, so that a long queue is not claimed over and over.
 */
export function createPlaces(): Places {
  const endpoints = new Map<string, Endpoint>();
  let busy = 0;
  return {
    enter(id) {
      const endpoint = endpoints.get(id) ?? { busy: 0, isFailing: false, pace: 5, leftAt: 0, nextReturn: 0 };
      endpoints.set(id, endpoint);
      if (busy >= ofAll || endpoint.busy >= (endpoint.isFailing ? ofFailing : ofEndpoint)) return waitOf(endpoint);
      endpoint.busy += 1;
      busy += 1;
      return null;
    },
    leave(id, took) {
      const endpoint = endpoints.get(id)!;
      endpoint.busy -= 1;
      busy -= 1;
      if (took !== undefined) endpoint.isFailing = !took;
      const now = Date.now();
      const hadQueue = endpoint.nextReturn > endpoint.leftAt && endpoint.leftAt > 0;
      if (hadQueue) endpoint.pace = between(quickest, 0.8 * endpoint.pace + 0.2 * (now - endpoint.leftAt), slowest);
      endpoint.leftAt = now;
      if (!endpoint.busy && !endpoint.isFailing && endpoint.nextReturn < now) endpoints.delete(id);
    },
  };
}

function waitOf(endpoint: Endpoint): number {
  const now = Date.now();
  endpoint.nextReturn = Math.max(endpoint.nextReturn, now + soonest) + 0.8 * endpoint.pace;
  if (endpoint.nextReturn - now > latest) endpoint.nextReturn = now + latest / 2;
  return endpoint.nextReturn - now;
}

const between = (least: number, value: number, most: number) => Math.min(Math.max(least, value), most);
