import type { EntityManager, MikroORM } from '@mikro-orm/core';
import type { FastifyBaseLogger } from 'fastify';
import type { Origin } from '../audit/record-audit.ts';
import type { RequestDatabase } from '../database/open-databases.ts';
import { sessionOf } from '../database/reach.ts';
import { unauthenticated } from '../errors.ts';
import type { Authenticated } from '../identity/access/authenticate.ts';
import { inProject, type Principal } from '../identity/access/principal.ts';
import type { SignedIn } from '../identity/operators/operator-sessions.ts';
import { Allowance, type AllowanceTools, spenderOf } from '../limits/allowance.ts';
import type { Reader, TenantReader } from '../reader/create-reader.ts';
import type { OpenConnection } from '../stripe/stripe-connections.ts';
import type { GraphContext } from './graph-context.ts';

type Asked = Authenticated & {
  log: FastifyBaseLogger;
  origin: Origin;
  idempotencyKey?: string;
  lastEventId?: string;
};
type Tools = Pick<GraphContext, 'signingKeys' | 'installation' | 'stateWatch'> & {
  orm: MikroORM;
  requests: RequestDatabase;
  reader: Reader;
  allowances: AllowanceTools;
};

/** An operator without a team reaches no tenant. */
const nobody = { teamId: '', projectId: null, environment: '', customerId: null };

/**
 * What one request's resolvers have. A class, since Apollo copies the context: getters of a prototype outlive the copy,
 * where those of a plain object would be run by it.
 */
export class RequestContext implements GraphContext {
  readonly requestId: string;
  readonly log: FastifyBaseLogger;
  readonly principal: Principal | null;
  readonly operator: SignedIn | null;
  readonly allowance: Allowance;
  readonly origin: Origin;
  readonly idempotencyKey: string | undefined;
  readonly lastEventId: string | undefined;
  private readonly tools: Tools;
  private fork: EntityManager | undefined;

  constructor(tools: Tools, { log, principal, operator, origin, idempotencyKey, lastEventId }: Asked) {
    this.tools = tools;
    this.requestId = origin.requestId;
    this.origin = origin;
    this.idempotencyKey = idempotencyKey;
    this.lastEventId = lastEventId;
    this.log = log;
    this.principal = principal;
    this.operator = operator;
    this.allowance = new Allowance(tools.allowances, spenderOf({ principal, operator }));
  }

  get signingKeys() {
    return this.tools.signingKeys;
  }

  get installation() {
    return this.tools.installation;
  }

  get stateWatch() {
    return this.tools.stateWatch;
  }

  /** The same request with a new unit of work: what it read before is old. */
  anew(): RequestContext {
    return new RequestContext(this.tools, this);
  }

  get em(): EntityManager {
    const { orm, walled } = this.tools.requests;
    this.fork ??= orm.em.fork(walled ? { session: sessionOf(this.principal ?? nobody) } : {});
    return this.fork;
  }

  get everyTenant(): EntityManager {
    return this.tools.orm.em.fork();
  }

  get read(): TenantReader {
    return this.tools.reader.as(inProject(this.somebody()));
  }

  stripeConnection(): Promise<OpenConnection | null> {
    const { teamId, environment } = this.somebody();
    return this.tools.installation.connections.of(teamId, environment);
  }

  private somebody(): Principal {
    if (!this.principal) throw unauthenticated('This needs a credential.');
    return this.principal;
  }
}
