import { type Answer, BillingError } from './billing-error.ts';
import { type Followed, type FollowOptions, followStream } from './follow-stream.ts';
import type { TypedDocumentString } from './operations.generated.ts';

export { BillingError };

export type BillingClient = {
  /** @throws BillingError with the code of the first error, where the server refused. */
  request<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables): Promise<Result>;
  /**
   * Follows the state of a customer: told of it at once, and whenever it changes, also through lost connections and restarts of the server.
   * @param document a subscription of `customerStateChanged`, such as `CustomerStateChangedDocument`.
   * @returns what ends it.
   */
  onCustomerState<Result, Variables>(
    document: TypedDocumentString<Result, Variables>,
    variables: Variables,
    followed: Followed<Result>,
  ): () => void;
};

/**
 * Speaks to a Billgraph server, from a browser (with a customer token) or a backend (with an API key).
 * @param options.url of the graph: `https://billing.example.com/graphql`.
 * @param options.token or what gets one: it is asked for each request, and where a stream is opened again.
 */
export function createBillingClient({
  url,
  token,
  following = {},
}: {
  url: string;
  token: string | (() => string | Promise<string>);
  following?: FollowOptions;
}): BillingClient {
  async function send(to: string, body: object, headers: Record<string, string>, signal?: AbortSignal) {
    const credential = typeof token === 'string' ? token : await token();
    return fetch(to, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${credential}`, ...headers },
      body: JSON.stringify(body),
      ...(signal && { signal }),
    });
  }

  return {
    async request<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables) {
      const response = await send(url, { query: document.toString(), variables }, {});
      const answer = (await response.json().catch(() => ({}))) as Answer<Result>;
      const [error] = answer.errors ?? [];
      if (error) throw new BillingError(error.message, error.extensions);
      if (!answer.data) throw new BillingError(`The server answered ${response.status}, and no JSON of a graph.`);
      return answer.data;
    },
    onCustomerState(document, variables, followed) {
      const body = { query: document.toString(), variables };
      const connect = (lastEventId: string | undefined, signal: AbortSignal) =>
        send(
          `${url}/stream`,
          body,
          { accept: 'text/event-stream', ...(lastEventId && { 'last-event-id': lastEventId }) },
          signal,
        );
      return followStream(connect, followed, { ...following, renews: typeof token !== 'string' });
    },
  };
}
