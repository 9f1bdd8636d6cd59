import type { FastifyRequest } from 'fastify';
import type { Credentials } from '../identity/access/authenticate.ts';

/** What a request says about who asks and where: read here, judged in access/. */
export function credentialsOf({ headers, ip }: Pick<FastifyRequest, 'headers' | 'ip'>): Credentials {
  /** One that is empty says nothing. */
  const header = (name: string) => [headers[name]].flat()[0] || undefined;
  return {
    authorization: headers.authorization,
    cookie: headers.cookie,
    address: ip,
    teamId: header('billgraph-team'),
    projectId: header('billgraph-project'),
    environment: header('billgraph-environment'),
    site: {
      origin: headers.origin,
      fetchSite: header('sec-fetch-site'),
      // The headers that Apollo takes for a sign of a preflight.
      preflighted: Boolean(header('apollo-require-preflight') || header('x-apollo-operation-name')),
    },
  };
}
