import type { FastifyReply, FastifyRequest } from 'fastify';
import { badInput } from '../errors.ts';
import type { Graphql } from '../graphql/create-graphql.ts';
import type { GraphContext } from '../graphql/graph-context.ts';
import type { AddressLimits } from '../limits/address-limits.ts';
import type { HttpServer } from './create-http-server.ts';
import { credentialsOf } from './credentials-of.ts';
import { tagged } from './entity-tag.ts';
import { metered } from './metered.ts';
import { plainQuestion, questionInAddress } from './plain-question.ts';
import { readJson } from './read-json.ts';
import { refuseKeyInAddress } from './refuse-key-in-address.ts';

/** A thousand usage events fit, however long their identifiers are. */
const bodyLimit = 1024 * 1024;

/** Mounts the graph at /graphql: Apollo executes, this file owns the bytes. Requests wait while it is being built. */
export function mountGraphql(http: HttpServer, tools: Promise<{ graphql: Graphql; addresses: AddressLimits }>): void {
  http.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    bodyLimit,
    onRequest: async (request) => {
      refuseKeyInAddress(request.url);
      const { addresses } = await tools;
      await addresses.admit(request.ip);
    },
    handler: async (request, reply) => {
      const { graphql } = await tools;
      const context = await graphql.contextOf({
        log: request.log,
        ...credentialsOf(request),
        origin: { requestId: request.id, ip: request.ip, userAgent: request.headers['user-agent'] ?? null },
        idempotencyKey: request.headers['idempotency-key']?.toString(),
      });
      const text = await metered(reply, context.allowance, () => answer(graphql, context, request, reply));
      return text ?? reply.send();
    },
  });
}

async function answer(
  graphql: Graphql,
  context: GraphContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string | null> {
  const { method, headers, url } = request;
  const { search, searchParams } = new URL(url, 'http://localhost');
  const body = method === 'POST' ? readJson(request.body) : undefined;
  const plain = method === 'POST' ? plainQuestion(headers, body) : questionInAddress(headers, searchParams);
  const data = plain && (await graphql.answerWarm(plain.question, context));
  if (data) {
    reply.header('content-type', plain.mediaType);
    return tagged(request, reply, `${JSON.stringify({ data })}\n`);
  }
  const answer = await graphql.answer({ method, headers, search, body }, context);
  reply.code(answer.status ?? 200);
  for (const [name, value] of answer.headers) reply.header(name, value);
  return answer.body.kind === 'complete' ? tagged(request, reply, answer.body.string) : refuseIncremental(reply);
}

/** @defer and @stream are not in the schema: no document can ask for an answer in parts. */
function refuseIncremental(reply: FastifyReply): never {
  reply.code(406);
  throw badInput('Answers in parts are not supported.', 'query');
}
