import type { TypedDocumentString } from './operations.generated.ts';

export type BillingClient = {
  /** @throws BillingError with the code of the first error, where the server refused. */
  request<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables): Promise<Result>;
};

/** A refusal of the server: `code` is stable, `message` is for a person. */
export class BillingError extends Error {
  override name = 'BillingError';
  readonly code: string;
  /** The input field at fault. */
  readonly field: string | undefined;
  readonly requestId: string | undefined;
  readonly extensions: Record<string, unknown>;

  constructor(message: string, extensions: Record<string, unknown> = {}) {
    super(message);
    this.extensions = extensions;
    this.code = String(extensions.code ?? 'INTERNAL_SERVER_ERROR');
    this.field = extensions.field as string | undefined;
    this.requestId = extensions.requestId as string | undefined;
  }
}

/**
 * Speaks to a Billgraph server, from a browser (with a customer token) or a backend (with an API key).
 * @param options.url of the graph: `https://billing.example.com/graphql`.
 */
export function createBillingClient({ url, token }: { url: string; token: string }): BillingClient {
  return {
    async request<Result, Variables>(document: TypedDocumentString<Result, Variables>, variables: Variables) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: document.toString(), variables }),
      });
      const answer = (await response.json().catch(() => ({}))) as Answer<Result>;
      const [error] = answer.errors ?? [];
      if (error) throw new BillingError(error.message, error.extensions);
      if (!answer.data) throw new BillingError(`The server answered ${response.status}, and no JSON of a graph.`);
      return answer.data;
    },
  };
}

type Answer<Result> = { data?: Result | null; errors?: { message: string; extensions?: Record<string, unknown> }[] };
