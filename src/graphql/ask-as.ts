import type { ApolloServer } from '@apollo/server';
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
import { type ErrorCode, Refusal, type RefusalDetails } from '../errors.ts';
import type { GraphContext } from './graph-context.ts';

/** Asks the graph within this process, with the guards, limits and operations of a request over HTTP. @throws Refusal for its first error. */
export type AskGraph = <Result, Variables>(
  document: DocumentTypeDecoration<Result, Variables> & { toString(): string },
  variables: Variables,
) => Promise<Result>;

/** Speaks to the graph in the name of whom the context is for. Each document has one of its own, and costs what it costs. */
export function askAs(apollo: ApolloServer<GraphContext>, newContext: () => GraphContext): AskGraph {
  return async <Result>(document: { toString(): string }, variables: unknown) => {
    const request = { query: document.toString(), variables: variables as Record<string, unknown> };
    const { body } = await apollo.executeOperation(request, { contextValue: newContext() });
    if (body.kind !== 'single') throw new Error('The graph answers in parts.');
    const { data, errors } = body.singleResult;
    const [error] = errors ?? [];
    if (error) {
      const { code, ...details } = (error.extensions ?? {}) as { code: ErrorCode } & RefusalDetails;
      throw new Refusal(code, error.message, details);
    }
    return data as Result;
  };
}
