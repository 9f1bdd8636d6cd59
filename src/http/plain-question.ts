import type { IncomingHttpHeaders } from 'node:http';
import type { Question } from '../graphql/warm-queries.ts';

const json = 'application/json; charset=utf-8';
const graphqlResponse = 'application/graphql-response+json; charset=utf-8';

/** What clients accept, as almost all of them write it, and the media type that they get. */
const mediaTypes = new Map([
  ['', json],
  ['*/*', json],
  ['application/json', json],
  ['application/json, */*', json],
  ['application/json, text/plain, */*', json],
  ['application/graphql-response+json', graphqlResponse],
  ['application/graphql-response+json, application/json;q=0.9', graphqlResponse],
]);

/**
 * The question of a request, with the media type of the answer. Null where anything about it is out of the ordinary: what
 * that means, and what is wrong with it, is for Apollo to say.
 */
export function plainQuestion(
  { accept = '', 'content-type': type = '' }: IncomingHttpHeaders,
  body: unknown,
): { question: Question; mediaType: string } | null {
  const mediaType = mediaTypes.get(accept);
  const isJson = /^application\/json(; ?charset=utf-8)?$/i.test(type);
  return mediaType && isJson && isQuestion(body) ? { question: body, mediaType } : null;
}

function isQuestion(body: unknown): body is Question {
  if (typeof body !== 'object' || body === null) return false;
  const { query, operationName, variables, extensions } = body as Record<string, unknown>;
  return (
    typeof query === 'string' &&
    (operationName == null || typeof operationName === 'string') &&
    (variables == null || (typeof variables === 'object' && !Array.isArray(variables))) &&
    extensions == null
  );
}
