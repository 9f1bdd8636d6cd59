import type { AnyStored } from '../objects.ts';

type ErrorType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';

/** Stripe's error object, without its envelope. */
export interface ErrorBody {
  type: ErrorType;
  message: string;
  code?: string;
  decline_code?: string;
  param?: string;
  payment_intent?: AnyStored;
  setup_intent?: AnyStored;
  payment_method?: AnyStored;
  charge?: string;
}

/**
 * A refusal in Stripe's words. `keepsChanges`: what the request did before it failed stays done, as a declined payment
 * leaves a failed charge behind; everything else undoes it.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly body: ErrorBody;
  readonly keepsChanges: boolean;

  constructor(status: number, body: ErrorBody, keepsChanges = false) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.keepsChanges = keepsChanges;
  }
}

export function invalidRequest(message: string, param?: string, code?: string): ApiError {
  return new ApiError(400, { type: 'invalid_request_error', message, code, param });
}

/** `status` is 404 for the object in the address, 400 for one that a parameter names. */
export function resourceMissing(object: string, id: string, param: string, status: 400 | 404): ApiError {
  const message = `No such ${object}: '${id}'`;
  return new ApiError(status, { type: 'invalid_request_error', code: 'resource_missing', message, param });
}

/** The body of an error answer, with the link to Stripe's page about the code. */
export function errorEnvelope({ body }: ApiError) {
  const doc_url = body.code && `https://docs.stripe.com/error-codes/${body.code.replaceAll('_', '-')}`;
  return { error: { ...body, doc_url } };
}
