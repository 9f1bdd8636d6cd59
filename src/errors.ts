/** The stable code of a refusal, as clients see it in `extensions.code`, and the HTTP status that goes with it. */
export const httpStatusOf = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  CONFLICT: 409,
  BAD_USER_INPUT: 400,
  LIMIT_REACHED: 403,
  CARD_DECLINED: 402,
  PAYLOAD_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  STRIPE_ERROR: 502,
  SERVICE_UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
} as const;
export type ErrorCode = keyof typeof httpStatusOf;

/** Codes that concern the whole request: where nothing at all could be answered, the HTTP status says so too. */
export const ofTheRequest = [
  'UNAUTHENTICATED',
  'RATE_LIMITED',
  'SERVICE_UNAVAILABLE',
  'INTERNAL_SERVER_ERROR',
] as const satisfies ErrorCode[];

export type RefusalDetails = {
  /** The input field at fault, as a path: `lineItems.0.quantity`. */
  field?: string;
  requiredScopes?: string[][];
  missingScopes?: string[];
  /** Whether the same request may succeed later without a change. */
  retryable?: boolean;
  /** Seconds to wait before trying again. */
  retryAfter?: number;
  /** Stripe's own error code and request, for a search in Stripe's dashboard. */
  stripeCode?: string;
  stripeRequestId?: string;
  /** When a limit that is reached is counted anew; null where it never is. */
  resetsAt?: Date | null;
  /** Why the payer's bank declined, in Stripe's word: `insufficient_funds`. */
  declineCode?: string;
};

/** A refusal that the caller may read: the message says what is wrong and what to do. Anything else thrown is our fault. */
export class Refusal extends Error {
  override name = 'Refusal';
  readonly code: ErrorCode;
  readonly details: RefusalDetails;

  constructor(code: ErrorCode, message: string, details: RefusalDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }
}

export const unauthenticated = (message: string) => new Refusal('UNAUTHENTICATED', message);

export const forbidden = (message: string, details: Pick<RefusalDetails, 'requiredScopes' | 'missingScopes'> = {}) =>
  new Refusal('FORBIDDEN', message, details);

/** The same for a random id, a malformed id and another tenant's id: none may be told apart. */
export const notFound = (noun: string, field?: string) =>
  new Refusal('NOT_FOUND', `There is no such ${noun} in this project and environment.`, { field });

/** As notFound, for what belongs to the team. */
export const notInTeam = (noun: string, field?: string) =>
  new Refusal('NOT_FOUND', `There is no such ${noun} in this team.`, { field });

export const conflict = (message: string, field?: string) => new Refusal('CONFLICT', message, { field });

export const badInput = (message: string, field: string) => new Refusal('BAD_USER_INPUT', message, { field });

export const stripeRefused = (message: string, details: RefusalDetails) =>
  new Refusal('STRIPE_ERROR', message, details);

/** @param resetsAt when it is counted anew; null where it never is, or nothing is allowed at all. */
export const limitReached = (message: string, field: string, resetsAt: Date | null) =>
  new Refusal('LIMIT_REACHED', message, { field, resetsAt });

/** @param retryAfter seconds. */
export const rateLimited = (message: string, retryAfter: number) =>
  new Refusal('RATE_LIMITED', message, { retryable: true, retryAfter });

/** @param retryAfter seconds. */
export const unavailable = (message: string, retryAfter?: number) =>
  new Refusal('SERVICE_UNAVAILABLE', message, { retryable: true, retryAfter });
