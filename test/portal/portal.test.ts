import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { brandColors } from '../../src/portal/pages/brand-colors.ts';
import { type Billgraph, startAnother, startBillgraph, testPublicUrl } from '../rig/billgraph.ts';
import { createPrice, payment } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { misbehave } from '../rig/faults.ts';
import { ask } from '../rig/graph.ts';
import { createOperator } from '../rig/operator.ts';
import { openShop, type Shop, type Shopper } from '../rig/shop.ts';
import { formOf, portalLink, type Seen, Visitor } from './visitor.ts';

let billgraph: Billgraph;
let shop: Shop;
beforeAll(async () => {
  billgraph = await startBillgraph();
  shop = await openShop(billgraph);
});
afterAll(() => billgraph.close());

const sql = (text: string) => asOwner(billgraph.databaseUrl, text);
const linkFor = ({ id: customerId }: Pick<Shopper, 'id'>, input: object = {}, key = shop.tenant.apiKey) =>
  portalLink(billgraph, key, { customerId, ...input });
async function visit(who: Pick<Shopper, 'id'>, input: object = {}): Promise<{ visitor: Visitor; home: Seen }> {
  const visitor = new Visitor(billgraph);
  return { visitor, home: await visitor.go(await linkFor(who, input)) };
}
/** What customers may change to. */
async function offer(input: object): Promise<void> {
  const owner = await createOperator(billgraph, shop.tenant);
  const document =
    'mutation ($input: UpdateProjectSettingsInput!) { updateProjectSettings(input: $input) { settings { environment } } }';
  const { errors } = await owner.ask(document, { input }, { 'billgraph-project': shop.tenant.projectId });
  expect(errors).toBeUndefined();
}
const entriesOf = (mutation: string) => sql(`select * from audit_entry where mutation = '${mutation}'`);

describe('a link', () => {
  it('opens once: its token becomes a cookie of these pages, and leaves the address', async () => {
    const link = await linkFor(shop.ada);
    const path = link.replace(testPublicUrl, '');
    // Who only looks at it does not open it.
    expect((await fetch(`${billgraph.url}${path}`, { method: 'HEAD' })).status).toBe(401);
    const opened = await fetch(`${billgraph.url}${path}`, { redirect: 'manual' });
    expect(opened.status).toBe(303);
    expect(opened.headers.get('location')).toMatch(/^\/portal\/pos_[0-9a-v]{26}$/);
    const cookie = opened.headers.get('set-cookie')!;
    expect(cookie).toMatch(
      /^billgraph\.portal=[\w-]{32}; Path=\/portal\/pos_[0-9a-v]{26}; Max-Age=3600; HttpOnly; SameSite=Lax$/,
    );
    const token = new URL(link).searchParams.get('token')!;
    expect(cookie).not.toContain(token);

    const twice = await fetch(`${billgraph.url}${path}`, { redirect: 'manual' });
    expect(twice.status).toBe(303);
    // Both let in, and neither can be told from the link, which others may come to know.
    const cookies = [cookie, twice.headers.get('set-cookie')!].map((set) => set.split(';')[0]!);
    expect(new Set(cookies).size).toBe(2);
    for (const cookie of cookies)
      expect((await fetch(`${billgraph.url}${opened.headers.get('location')}`, { headers: { cookie } })).status).toBe(
        200,
      );
    for (let click = 3; click <= 5; click++)
      expect((await fetch(`${billgraph.url}${path}`, { redirect: 'manual' })).status).toBe(303);
    expect((await fetch(`${billgraph.url}${path}`, { redirect: 'manual' })).status).toBe(410);
    const other = await fetch(`${billgraph.url}${path}`, { headers: { 'user-agent': 'another' } });
    expect(other.status).toBe(410);
    const text = await other.text();
    expect(text).toContain('This link was used already');
    expect(text).toContain('href="https://app.example.com/account"');
    await sql(`update portal_session set opened_at = now() - interval '61 seconds'`);
    expect((await fetch(`${billgraph.url}${path}`, { redirect: 'manual' })).status).toBe(410);
    expect(billgraph.logged.join()).not.toContain(token);
  });

  it('opens once also where several browsers open it at the same time', async () => {
    const path = (await linkFor(shop.ada)).replace(testPublicUrl, '');
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, at) =>
        fetch(`${billgraph.url}${path}`, { redirect: 'manual', headers: { 'user-agent': `browser ${at}` } }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 410, 410, 410, 410, 410]);
  });

  it('that is none leads nowhere', async () => {
    for (const token of ['', 'x', 'A'.repeat(32), '%00', "'; drop table customer", '%F0%9F']) {
      const { status, text } = await new Visitor(billgraph).go(`/portal/open?token=${token}`);
      expect([token, status]).toEqual([token, 401]);
      expect(text).toContain('Open the page again from where you came');
    }
    expect((await new Visitor(billgraph).go('/portal/open?token=a&token=b')).status).toBe(401);
  });

  it('leads to what it was made for', async () => {
    const [{ id }] = await sql(`select id from subscription where customer_id = '${shop.ada.id}'`);
    const { home: cancel } = await visit(shop.ada, { flow: { type: 'CANCEL', subscriptionId: id } });
    expect(cancel.path).toMatch(new RegExp(`/subscriptions/${id}/cancel$`));
    expect(cancel.text).toContain('Cancel your subscription?');
    const { home: method } = await visit(shop.ada, { flow: { type: 'UPDATE_PAYMENT_METHOD' } });
    expect(method.text).toContain('Update your payment method');
  });

  it('sets a cookie for https alone, where the server is reached by it', async () => {
    const another = await startAnother(billgraph, { publicUrl: 'https://billing.example.com' });
    const path = (await linkFor(shop.ada)).replace(testPublicUrl, '');
    const opened = await fetch(`${another.url}${path}`, { redirect: 'manual' });
    expect(opened.headers.get('set-cookie')).toMatch(/; Secure$/);
    await another.close();
  });
});

describe('a page', () => {
  it('has no script, keeps nothing, tells nobody, and stands in no frame', async () => {
    const { home } = await visit(shop.ada);
    expect(home.status).toBe(200);
    expect(Object.fromEntries(home.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    expect(home.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(home.text).toContain('<html lang="en">');
    expect(home.text).not.toMatch(/<script|<img|<link|src=|onclick|style="/);
    for (const what of ['Acme App', 'Pro', '$29.00 a month', 'It renews on', 'Visa ending in 4242', 'PDF'])
      expect(home.text).toContain(what);
    expect(home.text).toContain('href="https://app.example.com/account"');
  });

  it('writes what others typed as text', async () => {
    const evil = `<script>alert("1")</script>'&`;
    const quoted = evil.replaceAll("'", "''");
    await sql(
      `update project set name = '${quoted}'; update customer set name = '${quoted}'; update product set name = '${quoted}'`,
    );
    const { home } = await visit(shop.ada);
    await sql(`update project set name = 'Acme App'; update customer set name = null; update product set name = 'Pro'`);
    expect(home.text).not.toContain('<script');
    expect(home.text.split('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;').length).toBeGreaterThan(4);
  });

  it('says in words where a subscription stands', async () => {
    const { visitor, home } = await visit(shop.bob);
    const says = async (set: string) => {
      await sql(`update subscription set ${set} where customer_id = '${shop.bob.id}'`);
      return (await visitor.go(home.path)).text;
    };
    expect(await says(`status = 'PAST_DUE'`)).toContain('Update your payment method to keep it');
    expect(await says(`status = 'UNPAID'`)).toContain('Invoices are unpaid');
    expect(await says(`status = 'INCOMPLETE'`)).toContain('The first payment is not finished');
    expect(await says(`status = 'PAUSED'`)).toContain('It is paused since the trial ended');
    expect(await says(`status = 'TRIALING', trial_end = '2027-03-01T12:00Z'`)).toContain(
      'Your trial lasts until March 1, 2027',
    );
    expect(await says(`status = 'ACTIVE', pause_behavior = 'VOID'`)).toContain('Nothing is collected for now');
    const ended = await says(`status = 'CANCELED', pause_behavior = null, ended_at = '2026-10-01T00:00Z'`);
    expect(ended).toContain('It ended on October 1, 2026');
    expect(ended).not.toMatch(/>(Cancel|Resume)</);
    expect(await says(`status = 'ACTIVE', ended_at = null, quantity = 3`)).toContain('It renews on');
    const sellers = await says(`cancel_at = '2031-06-01T00:00Z'`);
    expect(sellers).toContain('It ends on June 1, 2031');
    expect(sellers).not.toMatch(/>(Cancel|Resume)</);
    const own = await says(`cancel_at = current_period_end, cancel_at_period_end = true`);
    expect(own).toContain('>Resume<');
    expect(await says(`cancel_at = null, cancel_at_period_end = false`)).toContain('>Cancel<');
    await sql(`update subscription_item set quantity = 3 where subscription_id in
      (select id from subscription where customer_id = '${shop.bob.id}')`);
    await sql(`update price set currency = 'JPY', recurring_interval_count = 3`);
    expect((await visitor.go(home.path)).text).toContain('3 × ¥2,900 every 3 months');
    await sql(`update price set currency = 'USD', recurring_interval_count = 1;
      update subscription_item set quantity = 1; update subscription set quantity = 1`);
  });

  it('says what a price costs, whole or in fractions, by usage and by tiers', async () => {
    const { visitor, home } = await visit(shop.bob);
    const [price] = await sql(`select * from price where stripe_price_id = '${shop.price}'`);
    const says = async (set: string) => {
      await sql(`update price set ${set} where id = '${price.id}'`);
      return /<p>([^<]*(?:month|week)[^<]*)<\/p>/.exec((await visitor.go(home.path)).text)![1];
    };
    expect(await says(`unit_amount = null, unit_amount_decimal = 0.5`)).toBe('$0.005 a month');
    expect(await says(`unit_amount_decimal = 123456789012345678.000000000001`)).toBe(
      '$1,234,567,890,123,456.78000000000001 a month',
    );
    expect(await says(`unit_amount_decimal = 0.5, currency = 'KWD'`)).toBe('KWD\u00a00.0005 a month');
    expect(await says(`stripe_meter_id = 'mtr_1', currency = 'USD'`)).toBe('By usage, a month: $0.005 each');
    const tiers = [
      { upTo: 10, unitAmountDecimal: '500', flatAmountDecimal: null },
      { upTo: 11, unitAmountDecimal: null, flatAmountDecimal: '900' },
      { upTo: 50, unitAmountDecimal: '0.5', flatAmountDecimal: '1000' },
      { upTo: null, unitAmountDecimal: '0', flatAmountDecimal: null },
    ];
    const told = '1 to 10 at $5.00 each, 11 for $9.00, 12 to 50 at $0.005 each plus $10.00, from 51 free';
    const tiered = `unit_amount_decimal = null, tiers = '${JSON.stringify(tiers)}'`;
    expect(await says(`${tiered}, tiers_mode = 'GRADUATED'`)).toBe(`By usage, a month: ${told}`);
    expect(await says(`stripe_meter_id = null, tiers_mode = 'VOLUME'`)).toBe(
      `By quantity, a month: ${told} (for all of them)`,
    );
    await sql(`update price set unit_amount = ${price.unit_amount}, unit_amount_decimal = ${price.unit_amount_decimal},
      tiers = null, tiers_mode = null where id = '${price.id}'`);
  });

  it('shows older invoices page by page, each once', async () => {
    const { stripe } = shop.tenant;
    const customer = shop.bob.stripeCustomerId;
    for (let at = 0; at < 14; at++) {
      const { id } = await stripe.invoices.create({ customer, auto_advance: false });
      await stripe.invoices.finalizeInvoice(id!);
    }
    await billgraph.settled();
    const { visitor, home } = await visit(shop.bob);
    const numbers = ({ text }: Seen) => [...text.matchAll(/<th scope="row">([^<]+)</g)].map(([, number]) => number);
    const next = ({ text }: Seen) => /href="([^"]*\/invoices\?before=[^"]*)"/.exec(text)?.[1];
    const older = await visitor.go(next(home)!);
    expect([numbers(home).length, numbers(older).length, next(older)]).toEqual([12, 3, undefined]);
    expect(new Set([...numbers(home), ...numbers(older)]).size).toBe(15);
    const base = home.path;
    expect((await visitor.go(`${base}/invoices?before=nonsense`)).status).toBe(400);
  });

  it('has colours that can be read, whatever the colour of the project', () => {
    const seed = randomInt(2 ** 24);
    for (let at = 0; at < 300; at++) {
      const color = `#${((seed + at * 55_837) % 2 ** 24).toString(16).padStart(6, '0')}`;
      const { brand, onBrand } = brandColors(color);
      expect([seed, color, contrast(brand, onBrand) >= 4.5]).toEqual([seed, color, true]);
    }
    expect(brandColors('red;}body{display:none').brand).toBe('#0b5cad');
  });
});

function contrast(one: string, other: string): number {
  const light = (color: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
      return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b! + 0.05;
  };
  const [a, b] = [light(one), light(other)];
  return Math.max(a, b) / Math.min(a, b);
}

describe('a customer', () => {
  it('cancels, and resumes: in Stripe, once, and in the audit log as the customer', async () => {
    const { visitor, home } = await visit(shop.ada);
    const toCancel = /href="([^"]*\/cancel)"/.exec(home.text)![1]!;
    const asked = await visitor.go(toCancel);
    const inStripe = () => shop.tenant.stripe.subscriptions.retrieve(shop.ada.stripeSubscriptionId);
    expect((await inStripe()).cancel_at_period_end).toBe(false);
    const send = () => visitor.submit(asked, '/cancel', { feedback: 'UNUSED' });
    const answers = await Promise.all([send(), send()]);
    const done = [...answers, await send()].filter(({ status }) => status === 200);
    expect(done.length).toBeGreaterThan(1);
    expect(done[0]!.text).toContain('Your subscription will end');
    expect(done[0]!.text).toContain('It ends on');
    expect(await inStripe()).toMatchObject({
      cancel_at_period_end: true,
      cancellation_details: { feedback: 'unused' },
    });
    expect(await entriesOf('cancelSubscription')).toMatchObject([
      { actor_kind: 'CUSTOMER_TOKEN', actor_id: shop.ada.id, project_id: shop.tenant.projectId, ip: '127.0.0.1' },
    ]);
    expect((await visitor.go(toCancel)).path).toBe(home.path);

    const resumed = await visitor.submit(await visitor.go(home.path), '/resume');
    expect(resumed.text).toContain('Your subscription goes on');
    expect((await inStripe()).cancel_at_period_end).toBe(false);
    expect(await entriesOf('resumeSubscription')).toHaveLength(1);
  });

  it('updates the payment method on a page of Stripe, which then pays for everything', async () => {
    const { stripe } = shop.tenant;
    const { stripeCustomerId, stripeSubscriptionId, card } = shop.ada;
    await stripe.subscriptions.update(stripeSubscriptionId, { default_payment_method: card });
    const { visitor, home } = await visit(shop.ada);
    const leaving = await visitor.submit(home, '/payment-method');
    expect(leaving.status).toBe(200);
    const url = /content="0; url=([^"]+)"/.exec(leaving.text)![1]!.replaceAll('&amp;', '&');
    expect(url.startsWith(billgraph.sandbox.url)).toBe(true);
    const form = new URLSearchParams(payment('5555 5555 5555 4444'));
    const paid = await fetch(url, { method: 'POST', body: form, redirect: 'manual' });
    const back = paid.headers.get('location')!;
    expect(back.startsWith(`${testPublicUrl}${home.path}/payment-method/saved?checkout=cs_`)).toBe(true);
    const saved = await visitor.go(back);
    expect(saved.text).toContain('Your payment method was saved');
    expect(saved.text).toMatch(/Mastercard ending in 4444[^<]*<\/span><span class="state good">Pays your invoices/);
    const customer = (await stripe.customers.retrieve(stripeCustomerId)) as { invoice_settings: object };
    const subscription = await stripe.subscriptions.retrieve(stripeSubscriptionId);
    expect(customer.invoice_settings).toMatchObject({ default_payment_method: subscription.default_payment_method });
    expect(subscription.default_payment_method).not.toBe(card);
    // Coming back once more changes nothing, and the session of somebody else is nobody's.
    expect((await visitor.go(back)).text).toContain('Your payment method was saved');
    const bob = await visit(shop.bob);
    expect((await bob.visitor.go(`${bob.home.path}/payment-method/saved${new URL(back).search}`)).status).toBe(404);

    // One that was not finished saved nothing.
    const unfinished = await visitor.submit(await visitor.go(home.path), '/payment-method');
    const id = /\/(cs_[\w]+)/.exec(unfinished.text)![1]!;
    expect((await visitor.go(`${home.path}/payment-method/saved?checkout=${id}`)).status).toBe(409);
  });

  it('changes the plan among those that the project offers, and pays what was shown', async () => {
    const { tenant, ada } = shop;
    const { stripe } = tenant;
    const team = await createPrice(tenant, { unitAmount: 9_900 });
    const hidden = await createPrice(tenant, { unitAmount: 1 });
    await billgraph.settled();
    const idOf = async ({ id }: { id: string }) =>
      (await sql(`select id from price where stripe_price_id = '${id}'`))[0]!.id as string;
    const { visitor, home } = await visit(ada);
    expect(home.text).not.toContain('/plan"');
    const [proId, teamId, hiddenId] = [await idOf({ id: shop.price }), await idOf(team), await idOf(hidden)];
    const [subscription] = await sql(`select id from subscription where customer_id = '${ada.id}'`);
    const path = `${home.path}/subscriptions/${subscription!.id}/plan`;
    // Nothing is offered yet.
    expect((await visitor.go(path)).path).toBe(home.path);
    await offer({ plans: [{ name: 'pro', priceId: proId }], selfServicePriceIds: [teamId] });

    expect((await visitor.go(home.path)).text).toContain(`href="${path}"`);
    const choice = await visitor.go(path);
    expect(choice.text).toContain(`value="${teamId}"`);
    expect(choice.text).not.toContain(hiddenId);
    expect((await visitor.go(`${path}/confirm?price=${hiddenId}`)).status).toBe(404);
    const shown = await visitor.go(`${path}/confirm?price=${teamId}`);
    expect(shown.text).toContain('$99.00 a month');
    const due = /To be paid now<\/dt><dd>([^<]+)</.exec(shown.text)![1]!;
    expect(due).toMatch(/^\$\d+\.\d\d$/);
    const changes = '/plan';
    expect((await visitor.submit(shown, changes, { price: hiddenId })).status).toBe(403);
    expect((await visitor.submit(shown, changes, { prorationDate: 'x', once: 'another-one' })).status).toBe(400);
    const old = await visitor.submit(shown, changes, {
      prorationDate: new Date(Date.now() - 3e6).toISOString(),
      once: 'one-more-time',
    });
    expect(old.status).toBe(400);

    const done = await visitor.submit(shown, changes);
    expect(done.text).toContain('Your plan was changed');
    expect(done.text).toContain('$99.00 a month');
    const now = await stripe.subscriptions.retrieve(ada.stripeSubscriptionId, { expand: ['latest_invoice'] });
    expect(now.items.data[0]!.price.id).toBe(team.id);
    const { amount_paid: paid } = now.latest_invoice as { amount_paid: number };
    expect(`$${(paid / 100).toFixed(2)}`).toBe(due);
    await offer({ plans: [], selfServicePriceIds: [] });
  });

  it('sees what is going to change, and takes it back', async () => {
    const { tenant, bob } = shop;
    const team = await createPrice(tenant, { unitAmount: 9_900 });
    await billgraph.settled();
    const [{ id: priceId }] = await sql(`select id from price where stripe_price_id = '${team.id}'`);
    const [{ id: subscriptionId }] = await sql(`select id from subscription where customer_id = '${bob.id}'`);
    const document =
      'mutation ($input: UpdateSubscriptionInput!) { updateSubscription(input: $input) { subscription { id } } }';
    const input = { subscriptionId, priceId, at: 'PERIOD_END' };
    expect((await ask(billgraph, tenant.apiKey, document, { input })).errors).toBeUndefined();
    const { visitor, home } = await visit(bob);
    expect(home.text).toMatch(/From \w+ \d+, \d{4} on: <strong>Pro<\/strong>, \$99\.00 a month/);
    const kept = await visitor.submit(home, '/keep');
    expect(kept.text).toContain('Your plan stays as it is');
    expect(kept.text).not.toContain('$99.00');
    expect((await visitor.submit(home, '/keep', { once: 'once-more' })).status).toBe(409);
  });

  it('is told that a payment was declined, and keeps the plan', async () => {
    const { tenant, bob } = shop;
    const team = await createPrice(tenant, { unitAmount: 9_900 });
    await billgraph.settled();
    const [{ id: priceId }] = await sql(`select id from price where stripe_price_id = '${team.id}'`);
    await offer({ selfServicePriceIds: [priceId] });
    const [subscription] = await sql(`select id from subscription where customer_id = '${bob.id}'`);
    const { visitor, home } = await visit(bob);
    const shown = await visitor.go(`${home.path}/subscriptions/${subscription!.id}/plan/confirm?price=${priceId}`);
    await misbehave(tenant, { kind: 'payment_decline', next: 1 });
    const declined = await visitor.submit(shown, '/plan');
    expect(declined.text).toContain('The payment was declined');
    expect(declined.status).toBeGreaterThanOrEqual(400);
    expect(declined.status).toBeLessThan(500);
    const now = await tenant.stripe.subscriptions.retrieve(bob.stripeSubscriptionId);
    expect(now.items.data[0]!.price.id).toBe(shop.price);
    await offer({ selfServicePriceIds: [] });
  });

  it('is told where Stripe does not do it, and does it with the same form a moment later', async () => {
    const { visitor, home } = await visit(shop.bob);
    const asked = await visitor.go(/href="([^"]*\/cancel)"/.exec(home.text)![1]!);
    await misbehave(shop.tenant, { kind: 'unavailable', next: 2, only: 'POST /v1/subscriptions/*' });
    const failed = await visitor.submit(asked, '/cancel');
    expect(failed.status).toBe(502);
    expect(failed.text).toContain('Try again in a moment');
    expect(failed.text).toContain('role="alert"');
    expect((await visitor.submit(asked, '/cancel')).text).toContain('Your subscription will end');
  });

  it('sees and changes nothing of anybody else', async () => {
    const [{ id: bobs }] = await sql(`select id from subscription where customer_id = '${shop.bob.id}'`);
    const { visitor, home } = await visit(shop.ada);
    for (const id of [bobs, 'ps_00000000000000000000000000', '%00', 'x'.repeat(90)]) {
      const path = `${home.path}/subscriptions/${id}`;
      expect((await visitor.go(`${path}/cancel`)).status).toBe(404);
      const form = { action: `${path}/resume`, fields: formOf(home, '/payment-method').fields };
      const text = `<form method="post" action="${form.action}">${Object.entries(form.fields)
        .map(([name, value]) => `<input type="hidden" name="${name}" value="${value}">`)
        .join('')}</form>`;
      expect((await visitor.submit({ ...home, text }, '/resume')).status).toBe(404);
    }
    expect(await sql(`select cancel_at_period_end from subscription where id = '${bobs}'`)).toEqual([
      { cancel_at_period_end: true },
    ]);
  });
});

describe('nobody else', () => {
  it('gets in without the cookie, or with another one', async () => {
    const { home } = await visit(shop.ada);
    for (const cookie of ['', 'billgraph.portal=', 'billgraph.portal=abc', `billgraph.portal=${'A'.repeat(43)}`])
      expect((await fetch(`${billgraph.url}${home.path}`, { headers: { cookie } })).status).toBe(401);
    expect((await fetch(`${billgraph.url}/portal/pos_${'0'.repeat(26)}`)).status).toBe(401);
  });

  it('sends a form: not from another site, nor of another session, nor without its token', async () => {
    const { visitor, home } = await visit(shop.ada);
    const other = await visit(shop.ada);
    const tries = [
      visitor.submit(home, '/payment-method', {}, { origin: 'https://evil.example' }),
      visitor.submit(home, '/payment-method', {}, { origin: 'null' }),
      visitor.submit(home, '/payment-method', {}, { origin: 'https://app.example.com' }),
      visitor.submit(home, '/payment-method', { form: '' }),
      visitor.submit(home, '/payment-method', { form: formOf(other.home, '/payment-method').fields.form! }),
    ];
    for (const { status, text } of await Promise.all(tries)) {
      expect(status).toBe(403);
      expect(text).toContain('role="alert"');
    }
    for (const once of ['', 'x', 'a b c d e f g h', 'x'.repeat(65)])
      expect((await visitor.submit(home, '/payment-method', { once })).status).toBe(400);
    const { action, fields } = formOf(home, '/payment-method');
    const json = { method: 'POST', body: JSON.stringify(fields) };
    const headers = { origin: testPublicUrl, 'content-type': 'application/json' };
    expect((await visitor.go(action, { ...json, headers })).status).toBe(403);
  });
});

describe('it closes', () => {
  it('when its time is over, the customer is deleted, or its key is revoked; and shows the way back', async () => {
    const { data } = await ask(
      billgraph,
      shop.tenant.apiKey,
      'mutation { createCustomer(input: { email: "carol@example.com" }) { customer { id } } }',
    );
    const carol = data.createCustomer.customer;
    const { visitor, home } = await visit(carol);
    expect(home.text).toContain('You have no subscription');
    expect(home.text).toContain('There is no invoice yet');
    const link = await linkFor(carol);
    const document = 'mutation ($input: DeleteCustomerInput!) { deleteCustomer(input: $input) { deletedCustomerId } }';
    await ask(billgraph, shop.tenant.apiKey, document, { input: { customerId: carol.id } });
    const closed = [await visitor.go(home.path), await new Visitor(billgraph).go(link)];

    const expiring = await visit(shop.ada);
    await sql(`update portal_session set expires_at = now() where customer_id = '${shop.ada.id}'`);
    closed.push(await expiring.visitor.go(expiring.home.path));
    closed.push(await expiring.visitor.submit(expiring.home, '/payment-method'));

    const key = await shop.tenant.newApiKey({ scopes: ['portal:write'] });
    const visitorOfKey = new Visitor(billgraph);
    const ofKey = await visitorOfKey.go(await linkFor(shop.ada, {}, key));
    expect(ofKey.status).toBe(200);
    const [{ api_key_id: apiKeyId }] = await sql(
      `select api_key_id from portal_session where customer_id = '${shop.ada.id}' order by id desc limit 1`,
    );
    const owner = await createOperator(billgraph, shop.tenant);
    const revoke = 'mutation ($input: RevokeApiKeyInput!) { revokeApiKey(input: $input) { apiKey { id } } }';
    expect((await owner.ask(revoke, { input: { apiKeyId } })).errors).toBeUndefined();
    // Every process hears of it within moments.
    await expect.poll(async () => (await visitorOfKey.go(ofKey.path)).status, { timeout: 6_000 }).toBe(410);
    closed.push(await visitorOfKey.go(ofKey.path));

    for (const { status, text } of closed) {
      expect(status).toBe(410);
      expect(text).toContain('href="https://app.example.com/account"');
    }
  });

  it('for who asks too often', async () => {
    const another = await startAnother(billgraph, {
      rateLimits: { ...(await import('../../src/limits/limit-classes.ts')).limitsWith(), ADDRESSES: 1 },
    });
    const statuses: number[] = [];
    for (let at = 0; at < 30 && !statuses.includes(429); at++) {
      const answer = await fetch(`${another.url}/portal/open?token=x`);
      statuses.push(answer.status);
      if (answer.status !== 429) continue;
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
      expect(await answer.text()).toContain('Too many requests');
    }
    expect(statuses).toContain(429);
    await another.close();
  });

  it('and is forgotten after a month', async () => {
    await sql(`update portal_session set expires_at = now() - interval '31 days' where opened_at is null`);
    const [before] = await sql(
      'select count(*)::int, count(*) filter (where opened_at is null)::int as old from portal_session',
    );
    const { prunePortalSessions } = await import('../../src/portal/sessions/prune-portal-sessions.ts');
    await prunePortalSessions({ em: billgraph.app.orm.em.fork() });
    expect(before!.old).toBeGreaterThan(0);
    expect(await sql('select count(*)::int from portal_session')).toEqual([{ count: before!.count - before!.old }]);
  });
});
