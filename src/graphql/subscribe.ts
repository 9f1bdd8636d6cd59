import {
  createSourceEventStream,
  type DocumentNode,
  execute,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  getOperationAST,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { LRUCache } from 'lru-cache';
import { badInput } from '../errors.ts';
import { type DocumentLimits, fragmentsOf, mostTokens } from './limit-documents.ts';
import { refuseConditionalRoots } from './refuse-conditional-roots.ts';
import type { RequestContext } from './request-context.ts';
import { translateError } from './translate-error.ts';
import type { Question } from './warm-queries.ts';

/** What a subscription's source says: that there is something to read, which has this id. */
export type PushEvent = { id: string };

export type PushAnswer = { data?: Record<string, unknown> | null; errors?: GraphQLFormattedError[] };

export type Subscribed = {
  events: AsyncIterator<PushEvent>;
  /** Reads what the event tells of, with a unit of work of its own. Data is null where nothing can be read any more. */
  answer(event: PushEvent): Promise<PushAnswer>;
};

/**
 * Begins a subscription, with the limits, the guards and the errors of every other operation.
 * @returns its events, or why there are none.
 * @throws Refusal RATE_LIMITED; BAD_USER_INPUT for a query or a mutation.
 */
export type Subscribe = (
  question: Question,
  context: RequestContext,
) => Promise<Subscribed | { errors: GraphQLFormattedError[] }>;

const mostDocuments = 500;
const mostText = 1_000_000;

export function createSubscribe(schema: GraphQLSchema, limits: DocumentLimits): Subscribe {
  /** Those that fit the schema: thousands of clients ask the same, and the reader plans a document once. */
  const documents = new LRUCache<string, DocumentNode>({
    max: mostDocuments,
    maxSize: mostText,
    sizeCalculation: (_document, text) => text.length,
  });

  function documentOf(text: string): DocumentNode | readonly GraphQLError[] {
    const known = documents.get(text);
    if (known) return known;
    let document: DocumentNode;
    try {
      document = parse(text, { maxTokens: mostTokens });
    } catch (failure) {
      return [withCode('GRAPHQL_PARSE_FAILED')(failure as GraphQLError)];
    }
    const faults = validate(schema, document, [...specifiedRules, refuseConditionalRoots]);
    if (faults.length) return faults.map(withCode('GRAPHQL_VALIDATION_FAILED'));
    documents.set(text, document);
    return document;
  }

  return async ({ query, operationName, variables }, context) => {
    const refused = (errors: readonly GraphQLError[]) => ({
      errors: errors.map((error) => translateError(error, context)),
    });
    const document = documentOf(query);
    if (!('kind' in document)) return refused(document);
    const operation = getOperationAST(document, operationName);
    if (!operation)
      return refused([new GraphQLError(unclear, { extensions: { code: 'OPERATION_RESOLUTION_FAILURE' } })]);
    if (operation.operation !== OperationTypeNode.SUBSCRIPTION)
      throw badInput(`Here are subscriptions alone. Send this ${operation.operation} to /graphql.`, 'query');
    try {
      const question = { operation, fragments: fragmentsOf(document) };
      await context.allowance.spend(limits.check(question, variables ?? {}, context.principal));
    } catch (failure) {
      if (failure instanceof GraphQLError) return refused([failure]);
      throw failure;
    }

    const asked = { schema, document, operationName, variableValues: variables };
    const source = await createSourceEventStream({ ...asked, contextValue: context });
    if (!(Symbol.asyncIterator in source)) return refused(source.errors ?? []);
    return {
      events: (source as AsyncIterable<PushEvent>)[Symbol.asyncIterator](),
      async answer(event) {
        const contextValue = context.anew();
        const { data, errors } = await execute({ ...asked, rootValue: event, contextValue });
        return { data, errors: errors?.map((error) => translateError(error, contextValue)) };
      },
    };
  };
}

const unclear = 'The document has several operations, or none: say which one is meant (operationName).';

const withCode =
  (code: string) =>
  ({ message, nodes, source, positions }: GraphQLError) =>
    new GraphQLError(message, { nodes, source, positions, extensions: { code } });
