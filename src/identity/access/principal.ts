import type { Environment } from '../../environment.ts';
import { badInput } from '../../errors.ts';
import type { OwnLimits } from '../../limits/limit-classes.ts';
import type { Role } from './roles.ts';

/** Who asks, and the one project and environment that this request can reach. */
export type Principal = {
  kind: 'API_KEY' | 'CUSTOMER_TOKEN' | 'OPERATOR';
  /** The key's id, the id of the customer whom the token speaks for, or the operator's id. */
  id: string;
  teamId: string;
  /**
   * The project of this request. Null for an operator of several projects (or none) who names none: he reaches what is the team's,
   * and no project.
   */
  projectId: string | null;
  /** Of an operator who names no project: `projectId` is the team's only one, and may be none when the team makes a second. */
  projectIsDerived?: boolean;
  /** Every project that the credential reaches; `projectId` is the one of this request. */
  projectIds: readonly string[];
  environment: Environment;
  /** Set for a customer token: it sees this customer and nobody else. */
  customerId: string | null;
  /** What an operator is in the team; null for the others. */
  role: Role | null;
  scopes: ReadonlySet<string>;
  /** When the credential ends by itself; undefined where it does not, and for sessions, which are looked up each time. */
  expiresAt?: Date;
  /** The API key that it comes from: what a token opens ends with the key that minted the token. Undefined where it comes from none. */
  keyId?: string;
  /** The rate limits of a key, with those of its team; undefined for others, who have those of their team. */
  ownLimits?: OwnLimits;
};

export type ProjectPrincipal = Principal & { projectId: string };

/**
 * The same principal, where the request is one of a project.
 * @throws Refusal BAD_USER_INPUT where an operator has not named one.
 */
export function inProject(principal: Principal): ProjectPrincipal {
  if (principal.projectId !== null) return principal as ProjectPrincipal;
  throw badInput('This is done in a project: name it in the header Billgraph-Project.', 'Billgraph-Project');
}
