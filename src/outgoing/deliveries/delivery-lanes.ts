import type { MikroORM } from '@mikro-orm/postgresql';
import type { BaseLogger } from 'pino';
import { groupCommit } from '../../database/group-commit.ts';
import { type ClaimedLane, type LaneKind, NotYet } from '../../lanes/lane-kind.ts';
import { settleLanes } from '../../lanes/settle-lanes.ts';
import type { Sealer } from '../../sealing/sealing.ts';
import type { OutgoingFetch } from '../addresses/outgoing-fetch.ts';
import { messageBody } from '../webhooks/message-body.ts';
import { type Beginning, beginTries } from './begin-tries.ts';
import { type Answer, judgeAnswer } from './judge-answer.ts';
import { createPlaces } from './places.ts';
import { recordTries, type Try } from './record-tries.ts';
import { patienceByDefault, sendMessage } from './send-message.ts';

export type DeliveryTools = {
  orm: MikroORM;
  sealer: Sealer;
  outgoingFetch: OutgoingFetch;
  log: Pick<BaseLogger, 'warn'>;
  /** Milliseconds that an endpoint has to answer; fifteen seconds by default. */
  deliveryPatience?: number;
};

const together = { items: 100, commits: 2 };

/**
 * The lanes that deliver: a message to an endpoint each, so that none waits for another one, and order is not promised. A lane is worked
 * by one worker at a time. What was answered and not written down, because the server died, is sent again under the same id.
 */
export function createDeliveryLanes({
  orm,
  log,
  deliveryPatience: patience = patienceByDefault,
  ...tools
}: DeliveryTools): LaneKind {
  const places = createPlaces();
  const begin = groupCommit((lanes: ClaimedLane[]) => beginTries(orm.em.fork(), lanes), together);
  const record = groupCommit(recordTogether, together);
  return { work: (lanes) => lanes.map(work) };

  async function work(lane: ClaimedLane): Promise<void> {
    const endpointId = lane.key.split('/')[1]!;
    const wait = await places.enter(endpointId);
    if (wait !== null) throw new NotYet(wait);
    let took: boolean | undefined;
    try {
      const came = await deliver(lane, await begin.add(lane));
      if (came?.answer) took = came.verdict.status === 'DELIVERED';
      if (came) await record.add(came);
    } finally {
      places.leave(endpointId, took);
    }
  }

  async function deliver(lane: ClaimedLane, beginning: Beginning): Promise<Try | null> {
    switch (beginning.what) {
      case 'nothing':
        await settleLanes(orm.em.fork(), [lane]);
        return null;
      case 'wait':
        throw new NotYet(beginning.milliseconds);
      case 'give up':
        return { lane, answer: null, verdict: { status: 'FAILED', wait: null, error: beginning.reason } };
      case 'send': {
        const answer = await send(beginning);
        return { lane, answer, verdict: judgeAnswer(answer, beginning.attempts) };
      }
    }
  }

  async function send(beginning: Beginning & { what: 'send' }): Promise<Answer> {
    const { endpointId, url, sealedSecrets, messageId: id } = beginning;
    let secrets: string[];
    try {
      secrets = sealedSecrets.map((sealed) => tools.sealer.open(sealed, endpointId));
    } catch {
      return { failure: "No ENCRYPTION_KEY of this server opens the endpoint's secret. Rotate it." };
    }
    const seconds = Math.floor(Date.now() / 1000);
    return sendMessage({ ...tools, patience }, { url, secrets, id, seconds, body: messageBody(beginning) });
  }

  async function recordTogether(tries: Try[]): Promise<undefined[]> {
    const disabled = await orm.em.fork().transactional((em) => recordTries(em, tries));
    for (const endpoint of disabled) log.warn({ endpoint }, 'An endpoint of outgoing webhooks was disabled');
    return tries.map(() => undefined);
  }
}
