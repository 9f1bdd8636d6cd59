import type { Environment } from '../environment.ts';

/** Who asks, and the one project and environment that this request can reach. */
export type Principal = {
  kind: 'API_KEY' | 'CUSTOMER_TOKEN';
  /** The key's id, or the id of the customer whom the token speaks for. */
  id: string;
  teamId: string;
  projectId: string;
  /** Every project that the credential reaches; `projectId` is the one of this request. */
  projectIds: readonly string[];
  environment: Environment;
  /** Set for a customer token: it sees this customer and nobody else. */
  customerId: string | null;
  scopes: ReadonlySet<string>;
};
