import { setTimeout as sleep } from 'node:timers/promises';
import { unavailable } from '../errors.ts';
import type { HttpServer } from './create-http-server.ts';

/**
 * Lets requests wait until the server can answer them. Where that takes too long, because the database is away, they are sent away
 * with 503 before they hang: who asks again later is served.
 * @param patience in milliseconds.
 */
export function holdUntil(http: HttpServer, complete: Promise<unknown>, patience: number): void {
  let isComplete = false;
  complete.then(
    () => {
      isComplete = true;
    },
    () => {},
  );
  http.addHook('onRequest', async () => {
    if (isComplete) return;
    const answered = new AbortController();
    const tooLong = sleep(patience, true, { signal: answered.signal }).catch(() => false);
    try {
      if ((await Promise.race([complete, tooLong])) === true)
        throw unavailable('This server is still starting: try again in some seconds.', retryAfter);
    } finally {
      answered.abort();
    }
  });
}

/** In seconds. */
const retryAfter = 5;
