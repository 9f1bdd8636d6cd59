import type { FastifyReply, FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';
import { httpStatusOf, ofTheRequest } from '../errors.ts';
import type { Graphql } from '../graphql/create-graphql.ts';
import type { AddressLimits } from '../limits/address-limits.ts';
import type { OpenStreams } from '../streams/open-streams.ts';
import type { HttpServer } from './create-http-server.ts';
import { credentialsOf } from './credentials-of.ts';
import { openEventStream } from './event-stream.ts';
import { metered } from './metered.ts';
import { refuseKeyInAddress } from './refuse-key-in-address.ts';
import { runStream } from './run-stream.ts';
import { createStreamLife } from './stream-life.ts';
import { streamQuestion } from './stream-question.ts';

const url = '/graphql/stream';

type Tools = { graphql: Graphql; addresses: AddressLimits; streams: OpenStreams };

/** Mounts subscriptions at /graphql/stream, as "GraphQL over SSE" has them with a connection for each (distinct connections mode). */
export function mountStreams(http: HttpServer, tools: Promise<Tools>): void {
  http.route({
    method: ['GET', 'POST'],
    url,
    exposeHeadRoute: false,
    onRequest: async (request) => {
      refuseKeyInAddress(request.url);
      const { addresses } = await tools;
      await addresses.admit(request.ip);
    },
    handler: async (request, reply) => open(await tools, request, reply),
  });
  http.route({
    method: ['DELETE', 'PUT'],
    url,
    handler: async ({ id: requestId }, reply) => {
      const message =
        'A stream is one request, GET or POST: there is none to reserve or to stop. Close the connection.';
      reply.code(405).header('allow', 'GET, POST');
      return { errors: [{ message, extensions: { code: 'BAD_USER_INPUT', requestId } }] };
    },
  });
}

async function open({ graphql, streams }: Tools, request: FastifyRequest, reply: FastifyReply) {
  const { log, id: requestId, ip, headers } = request;
  const credentials = credentialsOf(request);
  const context = await graphql.contextOf({
    log,
    ...credentials,
    origin: { requestId, ip, userAgent: headers['user-agent'] ?? null },
    lastEventId: headers['last-event-id']?.toString(),
  });
  const { bounds, turns } = streams;
  const life = createStreamLife(graphql, { credentials, context, bounds });
  const leave = streams.enter(context.principal, life);
  let subscribed: Awaited<ReturnType<Graphql['subscribe']>>;
  try {
    subscribed = await metered(reply, context.allowance, () => graphql.subscribe(streamQuestion(request), context));
  } catch (failure) {
    leave();
    throw failure;
  }
  const { patience, pause } = bounds;
  const status = 'errors' in subscribed && statusOf(subscribed.errors);
  if (status) {
    leave();
    return reply.code(status).send(subscribed);
  }
  const stream = openEventStream(reply, {
    patience,
    onSlow: () => log.info('A client that does not read what its stream sends was dropped'),
  });
  stream.over.addEventListener('abort', leave);
  if ('errors' in subscribed) return stream.end([{ event: 'next', data: subscribed }, { event: 'complete' }]);
  life.begin(stream);
  runStream({ stream, turns }, subscribed, { pause }).catch((err) => log.error({ err }, 'A stream failed'));
  return reply;
}

/** What concerns the whole request is said by the status too; other errors are events. */
function statusOf(errors: readonly GraphQLFormattedError[]): number | null {
  const code = ofTheRequest.find((code) => errors.some(({ extensions }) => extensions?.code === code));
  return code ? httpStatusOf[code] : null;
}
