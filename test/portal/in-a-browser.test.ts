import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ProjectSettings } from '../../src/tenancy/projects/project-settings.entity.ts';
import { type Billgraph, startBillgraph, testPublicUrl } from '../rig/billgraph.ts';
import { createPrice } from '../rig/checkout.ts';
import { asOwner } from '../rig/database.ts';
import { openShop, type Shop } from '../rig/shop.ts';
import { faultsOfPage } from './faults-of-page.ts';
import { portalLink } from './visitor.ts';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
/** A folder for pictures of every page, for people to look at: `PICTURES=/tmp/portal`. */
const pictures = process.env.PICTURES;

/** Widths and likings of those who come. */
const settings = {
  desktop: { viewport: { width: 1200, height: 900 }, javaScriptEnabled: false },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: 'dark' },
} satisfies Record<string, BrowserContextOptions>;

describe.skipIf(!executablePath && process.env.REQUIRE_CHROMIUM !== '1')('the portal, in a browser', () => {
  let billgraph: Billgraph;
  let shop: Shop;
  let browser: Browser;
  let teamPriceId: string;
  beforeAll(async () => {
    billgraph = await startBillgraph();
    shop = await openShop(billgraph);
    const { id } = await createPrice(shop.tenant, { unitAmount: 9_900 });
    await billgraph.settled();
    const prices = await asOwner(billgraph.databaseUrl, `select id from price where stripe_price_id = '${id}'`);
    teamPriceId = prices[0]!.id;
    const em = billgraph.app.orm.em.fork();
    const set = await em.findOneOrFail(ProjectSettings, { projectId: shop.tenant.projectId, environment: 'TEST' });
    Object.assign(set, { brandColor: '#7c3aed', selfServicePriceIds: [teamPriceId] });
    await em.flush();
    browser = await chromium.launch({
      executablePath,
      // The server's own name leads to where it listens.
      args: ['--no-sandbox', `--host-resolver-rules=MAP billgraph.test:80 127.0.0.1:${new URL(billgraph.url).port}`],
    });
  });
  afterAll(async () => {
    await browser?.close();
    await billgraph?.close();
  });

  /** Opens a new portal of a customer. What a page may not do, or does wrong, is told in `complaints`. */
  async function enter(as: keyof typeof settings, customerId: string) {
    const context = await browser.newContext(settings[as]);
    const page = await context.newPage();
    const complaints: string[] = [];
    // Browsers look for an icon by themselves.
    const isIcon = (url: string) => url.endsWith('/favicon.ico');
    page.on('console', (message) => isIcon(message.location().url) || complaints.push(message.text()));
    page.on('pageerror', (failure) => complaints.push(String(failure)));
    page.on('request', (request) => request.url().startsWith(testPublicUrl) || complaints.push(request.url()));
    const link = await portalLink(billgraph, shop.tenant.apiKey, { customerId });
    await page.goto(link);
    let pages = 0;
    const look = async (name: string) => {
      await expectWellBehaved(page);
      if (pictures) await page.screenshot({ path: `${pictures}/${as}-${++pages}-${name}.png`, fullPage: true });
    };
    return { context, page, complaints, link, look };
  }

  /** Nothing runs out of the page, everything has a name and a size for fingers, and is written in colours that can be read. */
  async function expectWellBehaved(page: Page) {
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    expect(await page.locator('main').count()).toBe(1);
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.evaluate(faultsOfPage)).toEqual([]);
  }

  it('is used without script: cancelled, resumed, changed', { timeout: 60_000 }, async () => {
    const { page, complaints, context, link, look } = await enter('desktop', shop.ada.id);
    // The token is in no address any more, and none is told where the visitor came from.
    expect(page.url()).toMatch(/^http:\/\/billgraph\.test\/portal\/pos_[0-9a-v]{26}$/);
    expect(await page.title()).toBe('Billing · Acme App');
    const [cookie] = await context.cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: new URL(page.url()).pathname });
    await look('home');
    expect(await page.getByRole('button', { name: 'Update payment method' }).isVisible()).toBe(true);
    expect(await page.getByRole('row').count()).toBe(2);

    await page.getByRole('link', { name: 'Cancel Pro' }).click();
    await look('cancel');
    await page.getByLabel('Why are you leaving?').selectOption('It is too expensive');
    await page.getByRole('button', { name: 'Cancel subscription' }).click();
    expect(await page.getByRole('status').textContent()).toBe(
      'Your subscription will end. Until then you can resume it.',
    );
    await look('cancelled');
    await page.getByRole('button', { name: 'Resume' }).click();
    expect(await page.getByRole('status').textContent()).toBe('Your subscription goes on.');

    await page.getByRole('link', { name: 'Change plan of Pro' }).click();
    await look('plans');
    await page.getByRole('radio').check();
    await page.getByRole('button', { name: 'See what it costs' }).click();
    await look('preview');
    await page.getByRole('button', { name: 'Change plan' }).click();
    expect(await page.getByRole('status').textContent()).toBe('Your plan was changed.');
    expect(await page.getByText('$99.00 a month').isVisible()).toBe(true);
    await look('changed');
    // Back and forth: what the browser shows again asks nothing again.
    await page.goBack();
    await page.goForward();
    expect(page.url()).toContain('/portal/pos_');
    expect(complaints).toEqual([]);

    const another = await browser.newContext({ ...settings.desktop, userAgent: 'Another' });
    const late = await another.newPage();
    expect((await late.goto(link))!.status()).toBe(410);
    expect(await late.getByRole('link', { name: 'Go back and open it again' }).getAttribute('href')).toBe(
      'https://app.example.com/account',
    );
  });

  it('saves a payment method on a page of Stripe, and comes back, on a phone by touch', {
    timeout: 60_000,
  }, async () => {
    const { page, complaints, look } = await enter('phone', shop.bob.id);
    await look('home');
    await page.getByRole('button', { name: 'Update payment method' }).tap();
    await page.waitForURL((url) => url.href.startsWith(billgraph.sandbox.url));
    await page.locator('[name=number]').fill('5555 5555 5555 4444');
    await page.locator('[name=expiry]').fill('12 / 34');
    await page.locator('[name=cvc]').fill('123');
    await page.getByRole('button', { name: 'Save card' }).tap();
    await page.waitForURL(/\?done=saved$/);
    expect(await page.getByRole('status').textContent()).toContain('Your payment method was saved');
    expect(await page.getByText('Mastercard ending in 4444, expires 12/2034').isVisible()).toBe(true);
    await look('saved');
    expect(complaints.filter((text) => !text.startsWith(billgraph.sandbox.url))).toEqual([]);
  });

  it('is walked through by keyboard, and always shows where one is', { timeout: 60_000 }, async () => {
    const { page, look } = await enter('desktop', shop.bob.id);
    await page.keyboard.press('Tab');
    expect(await page.getByRole('link', { name: 'Skip to the content' }).isVisible()).toBe(true);
    const names: string[] = [];
    for (let at = 0; at < 12; at++) {
      const focus = page.locator(':focus');
      if (!(await focus.count())) break;
      names.push((await focus.textContent())!.trim());
      expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
      await page.keyboard.press('Tab');
    }
    expect(names.slice(0, 4)).toEqual([
      'Skip to the content',
      'Change plan of Pro',
      'Cancel Pro',
      'Update payment method',
    ]);
    expect(names).toContain('Back to Acme App');
    await page.goto(`${page.url()}/subscriptions/ps_00000000000000000000000000/cancel`);
    expect(await page.getByRole('alert').isVisible()).toBe(true);
    await look('not-there');
  });
});
