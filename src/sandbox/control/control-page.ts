import { apiFaults, type Fault, paymentFaults, webhookFaults } from '../faults/fault.ts';
import type { Stored } from '../objects.ts';
import { type FormFault, faultNote, formField } from '../pages/form-field.ts';
import { type Html, html } from '../pages/html.ts';
import type { DeliveryView } from './delivery-operations.ts';

type AnyEvent = Stored<'event'> | Stored<'v2.core.event'>;

export interface AccountView {
  account: string;
  clocks: Stored<'test_helpers.test_clock'>[];
  faults: Fault[];
  endpoints: Stored<'webhook_endpoint'>[];
  deliveries: DeliveryView[];
  events: Stored<'event'>[];
}

/** Everything of one account that can be seen and staged. */
export function accountPage(view: AccountView, fault?: FormFault): Html {
  return html`
<p class="quiet"><a href="/_sandbox">All accounts</a></p>
<h1>${view.account}</h1>
${faultNote(fault)}
${clocks(view)}${faults(view)}${endpoints(view)}${deliveries(view)}${events(view)}`;
}

export function accountsPage(accounts: { account: string; objects: number; events: number }[]): Html {
  return html`
<h1>Sandbox</h1>
<p class="quiet">Every test key has its account. Choose one to move its clocks, to stage faults, and to see what its webhooks did.</p>
${table(
  ['Account', 'Objects', 'Events'],
  accounts.map(({ account, objects, events }) => [
    html`<a href="/_sandbox/accounts/${account}">${account}</a>`,
    objects,
    events,
  ]),
  'There is no account yet: call the API with a test key, such as sk_test_sandbox.',
)}`;
}

/** One event as it was recorded. */
export function eventPage(account: string, event: AnyEvent, deliveries: DeliveryView[]): Html {
  return html`
<p class="quiet"><a href="/_sandbox/accounts/${account}">${account}</a></p>
<h1>${event.type}</h1>
<p class="quiet">${event.id} · ${event.object === 'event' ? time(event.created) : event.created}</p>
<section><h2>Deliveries</h2>${deliveryTable(account, deliveries)}</section>
<section><h2>Body</h2><pre>${JSON.stringify(event, null, 2)}</pre></section>`;
}

function clocks({ account, clocks }: AccountView): Html {
  const rows = clocks.map((clock) => [
    html`${clock.name ?? clock.id}`,
    html`<span class="badge ${clock.status}">${clock.status}</span>`,
    time(clock.frozen_time),
    html`<form method="post" action="/_sandbox/accounts/${account}/clocks/${clock.id}/advance">
<input name="to" aria-label="Advance to (UTC)" type="datetime-local" required value="${isoMinute(clock.frozen_time + 86_400)}">
<button class="small">Advance</button></form>`,
  ]);
  return html`<section><h2>Test clocks</h2>${table(['Clock', 'Status', 'Time', ''], rows, 'There is no test clock.')}</section>`;
}

function faults({ account, faults }: AccountView): Html {
  const rows = faults.map((fault) => [
    fault.kind,
    fault.only ?? 'everything',
    `${fault.probability * 100} %`,
    fault.remaining ?? 'no end',
    fault.struck,
    fault.seed,
    post(`/_sandbox/accounts/${account}/faults/${fault.id}/delete`, 'Remove'),
  ]);
  const kinds = [...paymentFaults, ...webhookFaults, ...apiFaults];
  return html`<section><h2>Faults</h2>
${table(['Kind', 'Only', 'Chance', 'Still', 'Struck', 'Seed', ''], rows, 'Nothing goes wrong here.')}
<form method="post" action="/_sandbox/accounts/${account}/faults/payment_decline_next"><button class="second">Fail the next payment</button></form>
<details><summary>Stage another fault</summary>
<form method="post" action="/_sandbox/accounts/${account}/faults" class="fields">
<div><label for="kind">Kind</label><select id="kind" name="kind">${kinds.map((kind) => html`<option>${kind}</option>`)}</select></div>
<div>${formField('only', 'Only (type or path)', undefined, { required: false, placeholder: 'invoice.*' })}</div>
<div>${formField('next', 'The next times', undefined, { required: false, inputmode: 'numeric', placeholder: 'no end' })}</div>
<div>${formField('probability', 'Chance, 0 to 1', undefined, { required: false, placeholder: '1' })}</div>
<div>${formField('milliseconds', 'Milliseconds', undefined, { required: false, inputmode: 'numeric', placeholder: '2000' })}</div>
<div>${formField('seed', 'Seed', undefined, { required: false, placeholder: 'random' })}</div>
<div><button class="first">Stage</button></div>
</form></details></section>`;
}

function endpoints({ account, endpoints }: AccountView): Html {
  const rows = endpoints.map((endpoint) => [
    endpoint.url,
    html`<span class="badge ${endpoint.status}">${endpoint.status}</span>`,
    endpoint.api_version ?? 'newest',
    html`<code>${endpoint._sandbox.secret}</code>`,
    endpoint.enabled_events.length > 3 ? `${endpoint.enabled_events.length} types` : endpoint.enabled_events.join(', '),
    post(`/_sandbox/accounts/${account}/webhook_endpoints/${endpoint.id}/roll_secret`, 'Roll secret'),
  ]);
  return html`<section><h2>Webhook endpoints</h2>
${table(['Address', 'Status', 'Version', 'Secret', 'Events', ''], rows, 'There is no webhook endpoint.')}</section>`;
}

function deliveries({ account, deliveries }: AccountView): Html {
  return html`<section><h2>Deliveries</h2>${deliveryTable(account, deliveries)}</section>`;
}

function deliveryTable(account: string, deliveries: DeliveryView[]): Html {
  const rows = deliveries.map((delivery) => [
    html`<a href="/_sandbox/accounts/${account}/events/${delivery.event}">${delivery.type}</a>`,
    html`<span class="badge ${delivery.state}">${delivery.state}</span>`,
    delivery.attempts,
    delivery.faults.join(', '),
    delivery.answer?.slice(0, 60),
    delivery.url,
    post(`/_sandbox/accounts/${account}/deliveries/${delivery.id}/replay`, 'Replay'),
  ]);
  return table(['Event', 'State', 'Attempts', 'Faults', 'Answer', 'To', ''], rows, 'Nothing was delivered.');
}

function events({ account, events }: AccountView): Html {
  const rows = events.map((event) => [
    html`<a href="/_sandbox/accounts/${account}/events/${event.id}">${event.type}</a>`,
    (event.data.object as { id?: string }).id,
    time(event.created),
    event.pending_webhooks,
  ]);
  return html`<section><h2>Events</h2>${table(['Type', 'Object', 'Time', 'Pending'], rows, 'There is no event.')}</section>`;
}

type Cell = string | number | Html | null | undefined;

function table(heads: string[], rows: Cell[][], empty: string): Html {
  if (!rows.length) return html`<p class="quiet">${empty}</p>`;
  return html`<div class="scroll"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody></table></div>`;
}

function post(action: string, label: string): Html {
  return html`<form method="post" action="${action}"><button class="small">${label}</button></form>`;
}

function time(seconds: number): string {
  return `${isoMinute(seconds).replace('T', ' ')} UTC`;
}

function isoMinute(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 16);
}
