import { unwrapResolverError } from '@apollo/server/errors';
import type { FastifyBaseLogger } from 'fastify';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { isDatabaseTrouble } from '../database/sql-state.ts';
import { httpStatusOf, Refusal, unavailable } from '../errors.ts';
import { translateStripeFailure } from '../stripe/translate-stripe-failure.ts';

/**
 * The one place where an error becomes what a client sees: a refusal with its code and details; a mistake in the document
 * with the words of graphql-js; anything else is logged whole and answered `INTERNAL_SERVER_ERROR` with the request's id.
 */
export function translateError(
  error: GraphQLError,
  { requestId, log }: { requestId: string; log: FastifyBaseLogger },
): GraphQLFormattedError {
  const { message, locations, path } = error;
  // What is refused before anything is resolved has no path, and would not be unwrapped.
  const cause = error.originalError instanceof Refusal ? error.originalError : unwrapResolverError(error);
  const refusal = cause instanceof Refusal ? cause : (translateStripeFailure(cause) ?? translateDatabaseTrouble(cause));
  if (refusal) {
    if (!(cause instanceof Refusal)) log.warn({ err: cause }, 'Stripe or the database failed');
    return {
      message: refusal.message,
      locations,
      path,
      extensions: { code: refusal.code, ...refusal.details, requestId },
    };
  }
  const original = error.originalError;
  if (!original || original instanceof GraphQLError)
    return { message, locations, path, extensions: { code: codeOf(error), requestId } };
  log.error({ err: original }, 'A resolver failed');
  return {
    message: `Something went wrong on our side. Mention the request id ${requestId} when you report it.`,
    locations,
    path,
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId },
  };
}

const translateDatabaseTrouble = (cause: unknown) =>
  isDatabaseTrouble(cause) ? unavailable('The database cannot be reached. Try again in a moment.') : null;

/** Codes that Apollo gives to a document or variables that cannot be executed. */
const mistakes = [
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'BAD_REQUEST',
  'PERSISTED_QUERY_NOT_FOUND',
];

function codeOf({ extensions }: GraphQLError): string {
  const code = String(extensions.code ?? '');
  return mistakes.includes(code) || code in httpStatusOf ? code : 'BAD_USER_INPUT';
}
