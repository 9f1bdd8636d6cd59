/** What a graph answers, errors as they are on the wire. */
export type Answer<Data = any> = {
  status: number;
  headers: Headers;
  data: Data;
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, any> }[] | undefined;
};

/** Posts a document as a client would. */
export async function ask<Data = any>(
  { url }: { url: string },
  credential: string | null,
  query: string | { toString(): string },
  variables: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Answer<Data>> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(credential ? { authorization: `Bearer ${credential}` } : {}),
      ...headers,
    },
    body: JSON.stringify({ query: query.toString(), variables }),
  });
  const { data, errors } = (await response.json()) as Pick<Answer<Data>, 'data' | 'errors'>;
  return { status: response.status, headers: response.headers, data, errors };
}

/** The code and field of each error, which is what clients act on. */
export const refusalsOf = ({ errors = [] }: Answer) =>
  errors.map(({ extensions }) => ({ code: extensions.code, field: extensions.field }));
