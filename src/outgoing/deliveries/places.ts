/** Who may send now. */
export type Places = {
  /** Takes a place, or waits for one where few others do. @returns null with a place, or else after how many milliseconds to come back. */
  enter(endpointId: string): Promise<number | null>;
  /** Gives the place back. @param took whether the endpoint took what was sent; left out where nothing was. */
  leave(endpointId: string, took?: boolean): void;
};

type Endpoint = {
  busy: number;
  waiting: ((turn: number | null) => void)[];
  isFailing: boolean;
  /** How many places were given back while all were taken, and in how many milliseconds: of the latest few hundred. */
  left: number;
  elapsed: number;
  leftAt: number;
  /** Whether all places have been taken since then. */
  wasFull: boolean;
  /** When the last one of the queue comes back. */
  nextReturn: number;
};

/** So many deliveries are under way at once in a process, to one endpoint and to one that failed last. */
const [ofEndpoint, ofFailing] = [10, 2];
/** So many wait for an endpoint's place, since a worker looks for others four times a second; one that fails is not waited for. */
const room = 50;
/** So many are held, under way and waiting, of all endpoints. */
const ofAll = 300;
/** Of the returns, in milliseconds. */
const [soonest, latest] = [50, 300_000];
const [quickest, slowest] = [2, 1_000];
const remembered = 400;

/**
 * Keeps an endpoint that is slow from taking the places of others, and one that fails from taking more than a few. Whoever finds neither a
 * place nor room comes back in line, twice as quick as places become free, so that a long queue is not claimed over and over.
 */
export function createPlaces(): Places {
  const endpoints = new Map<string, Endpoint>();
  let held = 0;
  return {
    async enter(id) {
      const endpoint = endpoints.get(id) ?? newEndpoint();
      endpoints.set(id, endpoint);
      const hasPlace = endpoint.busy < (endpoint.isFailing ? ofFailing : ofEndpoint);
      const hasRoom = !endpoint.isFailing && endpoint.waiting.length < room;
      if (held >= ofAll || !(hasPlace || hasRoom)) return waitOf(endpoint);
      held += 1;
      if (!hasPlace) return new Promise((resolve) => endpoint.waiting.push(resolve));
      endpoint.busy += 1;
      return null;
    },
    leave(id, took) {
      const endpoint = endpoints.get(id)!;
      endpoint.busy -= 1;
      held -= 1;
      if (took !== undefined) endpoint.isFailing = !took;
      measurePace(endpoint);
      if (endpoint.isFailing) held -= turnAway(endpoint);
      else admit(endpoint);
      endpoint.wasFull = endpoint.busy === ofEndpoint;
      if (!endpoint.busy && !endpoint.isFailing && endpoint.nextReturn < endpoint.leftAt) endpoints.delete(id);
    },
  };
}

const newEndpoint = (): Endpoint => ({
  busy: 0,
  waiting: [],
  isFailing: false,
  left: 1,
  elapsed: 5,
  leftAt: 0,
  wasFull: false,
  nextReturn: 0,
});

function admit(endpoint: Endpoint): void {
  const admitted = endpoint.waiting.splice(0, ofEndpoint - endpoint.busy);
  endpoint.busy += admitted.length;
  for (const enter of admitted) enter(null);
}

/** @returns how many there were. */
function turnAway(endpoint: Endpoint): number {
  const turned = endpoint.waiting.splice(0);
  for (const comeBack of turned) comeBack(waitOf(endpoint));
  return turned.length;
}

/** Places that are empty say nothing of how quick the endpoint is. */
function measurePace(endpoint: Endpoint): void {
  const now = Date.now();
  if (endpoint.wasFull) {
    endpoint.left += 1;
    endpoint.elapsed += now - endpoint.leftAt;
  }
  if (endpoint.left > remembered) {
    endpoint.left /= 2;
    endpoint.elapsed /= 2;
  }
  endpoint.leftAt = now;
}

function waitOf(endpoint: Endpoint): number {
  const now = Date.now();
  const pace = between(quickest, endpoint.elapsed / endpoint.left, slowest);
  endpoint.nextReturn = Math.max(endpoint.nextReturn, now + soonest) + pace / 2;
  if (endpoint.nextReturn - now > latest) endpoint.nextReturn = now + latest / 2;
  return endpoint.nextReturn - now;
}

const between = (least: number, value: number, most: number) => Math.min(Math.max(least, value), most);
