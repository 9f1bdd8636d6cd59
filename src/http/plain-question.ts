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

type Plain = { question: Question; mediaType: string };

/**
 * The question of a request, with the media type of the answer. Null where anything about it is out of the ordinary: what
 * that means, and what is wrong with it, is for Apollo to say.
 */
export function plainQuestion(
  { accept = '', 'content-type': type = '' }: IncomingHttpHeaders,
  body: unknown,
): Plain | null {
  const mediaType = mediaTypes.get(accept);
  const isJson = /^application\/json(; ?charset=utf-8)?$/i.test(type);
  return mediaType && isJson && isQuestion(body) ? { question: body, mediaType } : null;
}

/**
 * The same of a question by GET, whose text may be named by its hash alone (Apollo's automatic persisted queries). Only with a header that a page of
 * another site cannot send unasked.
 */
export function questionInAddress(headers: IncomingHttpHeaders, address: URLSearchParams): Plain | null {
  const mediaType = mediaTypes.get(headers.accept ?? '');
  const isPreflighted = headers['apollo-require-preflight'] || headers['content-type'] === 'application/json';
  const names = [...address.keys()];
  const isPlain = new Set(names).size === names.length && names.every((name) => parameters.has(name));
  if (!mediaType || !isPreflighted || !isPlain) return null;
  try {
    const { query, operationName, variables, extensions } = Object.fromEntries(address);
    const { persistedQuery, ...others } = JSON.parse(extensions ?? '{}');
    if (Object.keys(others).length || (query === undefined) !== (persistedQuery?.version === 1)) return null;
    const question = { query: query ?? '', operationName, variables: variables && JSON.parse(variables) };
    return isQuestion(question) ? { question: { ...question, hash: persistedQuery?.sha256Hash }, mediaType } : null;
  } catch {
    return null;
  }
}

const parameters = new Set(['query', 'operationName', 'variables', 'extensions']);

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
