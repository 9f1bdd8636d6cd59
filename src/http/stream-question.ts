import type { FastifyRequest } from 'fastify';
import { badInput } from '../errors.ts';
import type { Question } from '../graphql/warm-queries.ts';
import { credentialsOf } from './credentials-of.ts';
import { readJson } from './read-json.ts';

/**
 * What a request for a stream asks, by POST with a JSON body or by GET.
 * @throws Refusal BAD_USER_INPUT where it is none, or such as a page of another site can send unasked.
 */
export function streamQuestion(request: FastifyRequest): Question {
  const { accept = '*/*', 'content-type': type = '' } = request.headers;
  if (!/text\/(event-stream|\*)|\*\/\*/i.test(accept))
    throw badInput('The answer is a stream of events: send `Accept: text/event-stream`.', 'Accept');
  if (request.method === 'GET') {
    if (!credentialsOf(request).site.preflighted)
      throw badInput('A GET needs the header `Apollo-Require-Preflight: true`.', 'Apollo-Require-Preflight');
    return questionOf(inAddress(request.url));
  }
  if (!/^application\/json *(;|$)/i.test(type))
    throw badInput('Send JSON: `Content-Type: application/json`.', 'Content-Type');
  return questionOf(readJson(request.body));
}

function inAddress(url: string): Record<string, unknown> {
  const { searchParams } = new URL(url, 'http://localhost');
  const one = (name: string) => {
    const [value, ...others] = searchParams.getAll(name);
    if (others.length) throw badInput(`The address names ${name} more than once.`, name);
    return value;
  };
  const variables = one('variables');
  try {
    return { query: one('query'), operationName: one('operationName'), variables: variables && JSON.parse(variables) };
  } catch (failure) {
    if (failure instanceof SyntaxError) throw badInput('The variables are no JSON.', 'variables');
    throw failure;
  }
}

function questionOf(given: unknown): Question {
  const isObject = (value: unknown): value is Record<string, unknown> =>
    typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(given)) throw badInput('The body is an object: { "query": "…", "variables": { … } }.', 'body');
  const { query, operationName = null, variables = null } = given;
  if (typeof query !== 'string' || !query)
    throw badInput('The query is a document: a text that is not empty.', 'query');
  if (operationName !== null && typeof operationName !== 'string')
    throw badInput('The operationName is a text.', 'operationName');
  if (variables !== null && !isObject(variables)) throw badInput('The variables are an object.', 'variables');
  return { query, operationName, variables: variables ?? undefined };
}
