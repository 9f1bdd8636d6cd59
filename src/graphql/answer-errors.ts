import type { ApolloServerPlugin } from '@apollo/server';
import { httpStatusOf, ofTheRequest } from '../errors.ts';
import type { GraphContext } from './graph-context.ts';
import { translateError } from './translate-error.ts';

/** Puts the translated errors into the answer. */
export function answerErrors(): ApolloServerPlugin<GraphContext> {
  return {
    requestDidStart: async () => ({
      async willSendResponse({ request, response, errors, contextValue }) {
        if (response.body.kind !== 'single' || !errors?.length) return;
        const { singleResult } = response.body;
        singleResult.errors = errors.map((error) => translateError(error, contextValue));
        if (singleResult.data) return;
        const codes = singleResult.errors.map(({ extensions }) => extensions?.code);
        const code = ofTheRequest.find((code) => codes.includes(code));
        if (code) response.http.status = httpStatusOf[code];
        else if (wantsPlainJson(request.http?.headers.get('accept'))) response.http.status = 200;
      },
    }),
  };
}

/**
 * The older media type says by its body alone that a document could not be executed; the newer one by the status too.
 * https://graphql.github.io/graphql-over-http/draft/#sec-application-json
 */
function wantsPlainJson(accept = ''): boolean {
  return accept.includes('application/json') && !accept.includes('application/graphql-response+json');
}
