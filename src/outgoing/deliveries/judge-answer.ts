/** What a try came to: an answer, or why there was none. */
export type Answer = { status: number; body: string; retryAfter: string | null } | { failure: string };

/** What follows from a try, for the delivery and for the endpoint. Waits are in milliseconds. */
export type Verdict = {
  status: 'DELIVERED' | 'FAILED' | 'PENDING';
  /** Until the next try; null where there is none. */
  wait: number | null;
  error: string | null;
  /** Whether the endpoint said that it is gone for good. */
  isGone?: boolean;
  /** How long the endpoint asked to be left alone, all of it. */
  rest?: number;
};

const [second, minute, hour] = [1_000, 60_000, 3_600_000];

/** What is waited for after each try that failed, give or take a tenth: eight tries in a little more than a day. */
export const waits = [5 * second, 5 * minute, 30 * minute, 2 * hour, 5 * hour, 10 * hour, 10 * hour] as const;
export const mostTries = waits.length + 1;
const longestRest = 24 * hour;

/**
 * Only 2xx is success: a redirect is not followed. 410 ends it; 429 and 503 may say when to come back, which counts where it is later
 * than ours, up to a day.
 * @param attempts how many tries there were, with this one.
 */
export function judgeAnswer(answer: Answer, attempts: number, now = Date.now()): Verdict {
  if ('failure' in answer) return { ...tryAgain(attempts), error: answer.failure };
  const { status, retryAfter } = answer;
  if (status >= 200 && status < 300) return { status: 'DELIVERED', wait: null, error: null };
  if (status === 410)
    return { status: 'FAILED', wait: null, error: 'The endpoint is gone: it answered 410.', isGone: true };
  const isRedirect = status >= 300 && status < 400;
  const error = isRedirect ? `It answered ${status}. Redirects are not followed.` : `It answered ${status}.`;
  const rest = [429, 503].includes(status) ? restOf(retryAfter, now) : 0;
  if (!rest) return { ...tryAgain(attempts), error };
  const { status: left, wait } = tryAgain(attempts);
  return { status: left, wait: wait && Math.max(wait, rest), error, rest };
}

function tryAgain(attempts: number): Pick<Verdict, 'status' | 'wait'> {
  const wait = waits[attempts - 1];
  if (wait === undefined) return { status: 'FAILED', wait: null };
  return { status: 'PENDING', wait: wait * (0.9 + 0.2 * Math.random()) };
}

/** `Retry-After` in seconds, or as a date; 0 for what is neither, or past. */
function restOf(retryAfter: string | null, now: number): number {
  const text = retryAfter?.trim() ?? '';
  const rest = /^\d+$/.test(text) ? Number(text) * second : instantOf(text) - now;
  return Number.isNaN(rest) ? 0 : Math.min(Math.max(0, rest), longestRest);
}

/** Of a text that begins as dates do. In others JavaScript finds dates as well: in `-7200` one of that year. */
const instantOf = (text: string) => (/^([a-z]{3}|\d{4}-)/i.test(text) ? Date.parse(text) : Number.NaN);
