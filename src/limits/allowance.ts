import { rateLimited } from '../errors.ts';
import type { Authenticated } from '../identity/access/authenticate.ts';
import type { Principal } from '../identity/access/principal.ts';
import type { UsageCounter } from './count-usage.ts';
import type { Counter } from './counter.ts';
import {
  type Costs,
  costOfNothing,
  type LimitClass,
  type Limits,
  limitClasses,
  type OwnLimits,
} from './limit-classes.ts';

export type AllowanceTools = {
  counter: Counter;
  limits: Limits;
  usage: Pick<UsageCounter, 'count'>;
  /** The limits that a team has of its own. */
  limitsOfTeam(teamId: string): Promise<OwnLimits>;
};

/** What one class still has for the caller, after this request. */
export type Balance = { limitClass: LimitClass; limit: number; remaining: number; seconds: number; resetsIn: number };

type Spender = Pick<Principal, 'kind' | 'id' | 'teamId' | 'customerId' | 'role' | 'ownLimits'>;

/** What one request may spend. It spends once, whichever way it is answered. */
export class Allowance {
  /** The classes that the request spent from. */
  readonly balances: Balance[] = [];
  private readonly tools: AllowanceTools;
  private readonly spender: Spender | null;
  private spending: Promise<void> | undefined;

  constructor(tools: AllowanceTools, spender: Spender | null) {
    this.tools = tools;
    this.spender = spender;
  }

  /**
   * Takes what the request costs from the classes of whom it speaks for. Call it before anything is read or written.
   * @throws Refusal RATE_LIMITED where one class has not as much left: then the whole request is refused.
   */
  spend(costs: Costs): Promise<void> {
    this.spending ??= this.spender ? this.take(this.spender, costs) : Promise.resolve();
    return this.spending;
  }

  /** A request that never came as far as to spend is not free. */
  settle(): Promise<void> {
    return this.spend(costOfNothing);
  }

  private async take(spender: Spender, costs: Costs): Promise<void> {
    const own = spender.ownLimits ?? (await this.tools.limitsOfTeam(spender.teamId));
    let weight = 0;
    for (const points of costs.values()) weight += points;
    for (const { limitClass, subject, points } of purchasesOf(spender, costs, weight)) {
      await this.takeFrom(limitClass, subject, points, own);
      // An operator who is over his own limit takes nothing of his team's.
      if (limitClass === 'OPERATOR' && this.balances.at(-1)!.remaining < 0) break;
    }
    const exhausted = this.balances.find(
      ({ remaining, limitClass }) => remaining < 0 && !(limitClass === 'OPERATORS' && spender.role === 'OWNER'),
    );
    if (spender.kind === 'API_KEY') this.tools.usage.count(spender.id, weight, Boolean(exhausted));
    if (exhausted) throw refusalOf(exhausted);
  }

  private async takeFrom(limitClass: LimitClass, subject: string, points: number, own: OwnLimits): Promise<void> {
    const { seconds } = limitClasses[limitClass];
    const limit = (own as Partial<Limits>)[limitClass] ?? this.tools.limits[limitClass];
    // What costs more than the whole limit takes all of it: otherwise it could never be asked.
    const taken = Math.min(points, limit);
    const { consumed, msBeforeNext } = await this.tools.counter.add(`${limitClass}:${subject}`, taken, seconds);
    const resetsIn = Math.max(1, Math.ceil(msBeforeNext / 1000));
    this.balances.push({ limitClass, limit, remaining: limit - consumed, seconds, resetsIn });
  }
}

type Purchase = { limitClass: LimitClass; subject: string; points: number };

/** From whose points what is taken, one after the other. */
function purchasesOf({ kind, id, teamId, customerId }: Spender, costs: Costs, weight: number): Purchase[] {
  if (kind === 'API_KEY') return [...costs].map(([limitClass, points]) => ({ limitClass, subject: id, points }));
  if (kind === 'CUSTOMER_TOKEN') return [{ limitClass: 'CUSTOMERS', subject: customerId!, points: weight }];
  return [
    { limitClass: 'OPERATOR', subject: id, points: weight },
    { limitClass: 'OPERATORS', subject: teamId, points: weight },
  ];
}

/** Whose limits a request spends from; null where nobody asks. An operator in no team stands for himself. */
export function spenderOf({ principal, operator }: Authenticated): Spender | null {
  if (principal) return principal;
  return (
    operator && { kind: 'OPERATOR', id: operator.id, teamId: operator.id, customerId: null, role: null, ownLimits: {} }
  );
}

const refusalOf = ({ limitClass, limit, seconds, resetsIn }: Balance) =>
  rateLimited(
    `Too many requests: ${limit} points in ${seconds} seconds are allowed (${limitClass}). Try again in ${resetsIn} seconds.`,
    resetsIn,
  );
