import type { IncomingHttpHeaders } from 'node:http';
import { ApolloServer, HeaderMap, type HTTPGraphQLRequest, type HTTPGraphQLResponse } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginLandingPageDisabled,
} from '@apollo/server/plugin/disabled';
import type { EntityManager } from '@mikro-orm/core';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { FastifyBaseLogger } from 'fastify';
import type { Origin } from '../audit/record-audit.ts';
import type { StateWatch } from '../customer-state/watch-customer-state.ts';
import type { RequestDatabase } from '../database/open-databases.ts';
import {
  type Authenticated,
  type AuthenticationTools,
  authenticate,
  type Credentials,
} from '../identity/access/authenticate.ts';
import type { Principal } from '../identity/access/principal.ts';
import type { Installation } from '../installation.ts';
import type { AddressLimits } from '../limits/address-limits.ts';
import type { AllowanceTools } from '../limits/allowance.ts';
import type { Call } from '../operations/call.ts';
import type { Execution } from '../operations/create-execution.ts';
import type { Operations } from '../operations/create-operations.ts';
import { createReader } from '../reader/create-reader.ts';
import { answerErrors } from './answer-errors.ts';
import { type AskGraph, askAs } from './ask-as.ts';
import { buildSchema } from './build-schema.ts';
import { enforceGuards } from './enforce-guards.ts';
import { enforceOperations } from './enforce-operations.ts';
import type { GraphContext } from './graph-context.ts';
import { createDocumentLimits, limitDocuments, mostTokens } from './limit-documents.ts';
import { published } from './published.ts';
import { refuseConditionalRoots } from './refuse-conditional-roots.ts';
import { RequestContext } from './request-context.ts';
import { createSubscribe, type Subscribe } from './subscribe.ts';
import { createWarmQueries, type WarmQueries } from './warm-queries.ts';

export type GraphqlTools = Omit<AuthenticationTools, 'em'> & {
  /** Of the server's own work. */
  orm: MikroORM;
  requests: RequestDatabase;
  installation: Installation;
  addresses: AddressLimits;
  allowances: AllowanceTools;
  operations: Operations;
  stateWatch: StateWatch;
  log: FastifyBaseLogger;
  /** Whether anybody may introspect the schema, or only a credential with the scope `schema:read`. */
  openIntrospection: boolean;
};

export type Graphql = {
  /** Apollo's answer. */
  answer(
    request: Omit<HTTPGraphQLRequest, 'headers'> & { headers: IncomingHttpHeaders },
    context: GraphContext,
  ): Promise<HTTPGraphQLResponse>;
  /** The short way: ask it before Apollo. */
  answerWarm: WarmQueries['answer'];
  /** @throws Refusal as authenticate() does, for a credential that does not hold; RATE_LIMITED after too many of them. */
  contextOf(request: GraphRequest): Promise<RequestContext>;
  /** Begins a subscription, which Apollo does not do. */
  subscribe: Subscribe;
  /** Whom credentials speak for now that were accepted before. @throws Refusal as authenticate() does. */
  whoAsks(credentials: Credentials): Promise<Authenticated>;
  /** Speaks for somebody who was let in elsewhere: by a page of ours. */
  enter(principal: Principal, request: { log: FastifyBaseLogger; origin: Origin }): Entered;
  /** Carries out a mutation once more that its caller was not answered. */
  carryOut(call: Call, execution: Execution): Promise<unknown>;
  close(): Promise<void>;
};

/** The graph as one request asks it; and a unit of work in its tenant, to read beside it. */
export type Entered = { ask: AskGraph; em: EntityManager };

type GraphRequest = Credentials & {
  log: FastifyBaseLogger;
  origin: Origin;
  idempotencyKey?: string;
  lastEventId?: string;
};

/** The executable graph: built, linked to the tables, its mutations made operations, and guarded last, so that no later step can lose a guard. */
export async function createGraphql(tools: GraphqlTools): Promise<Graphql> {
  const schema = buildSchema();
  const reader = createReader({ ...tools.requests, schema, published });
  const mutations = enforceOperations(schema, tools);
  enforceGuards(schema);
  const limits = createDocumentLimits(tools);
  const warmQueries = createWarmQueries(schema, limits);
  const apollo = new ApolloServer<GraphContext>({
    schema,
    introspection: true,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    // Of a bounded memory, which each process has for itself: a client that names a text by its hash sends it where nobody knows it.
    persistedQueries: {},
    parseOptions: { maxTokens: mostTokens },
    validationRules: [refuseConditionalRoots],
    // A plugin sees new queries and those that fail, not all: what holds for every request belongs into the context, limits or guards.
    plugins: [
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      limitDocuments(limits),
      answerErrors(),
      warmQueries.plugin,
    ],
  });
  await apollo.start();
  return {
    close: () => apollo.stop(),
    answer: ({ headers, ...request }, context) =>
      apollo.executeHTTPGraphQLRequest({
        httpGraphQLRequest: { ...request, headers: headersOf(headers) },
        context: async () => context,
      }),
    answerWarm: warmQueries.answer,
    subscribe: createSubscribe(schema, limits),
    whoAsks: (credentials) => authenticate({ ...tools, em: tools.orm.em }, credentials),
    async contextOf({ log, origin, idempotencyKey, lastEventId, ...credentials }) {
      const who = await tools.addresses.watch(origin.ip, credentials.authorization, () =>
        authenticate({ ...tools, em: tools.orm.em }, credentials),
      );
      return new RequestContext({ ...tools, reader }, { ...who, log, origin, idempotencyKey, lastEventId });
    },
    enter(principal, request) {
      const context = () => new RequestContext({ ...tools, reader }, { principal, operator: null, ...request });
      return { ask: askAs(apollo, context), em: context().em };
    },
    carryOut({ mutation, args, principal, origin }, execution) {
      const log = tools.log.child({ requestId: origin.requestId });
      const context = new RequestContext({ ...tools, reader }, { principal, operator: null, log, origin });
      return mutations.resolve(mutation, args, context, execution);
    },
  };
}

function headersOf(given: IncomingHttpHeaders): HeaderMap {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return headers;
}
