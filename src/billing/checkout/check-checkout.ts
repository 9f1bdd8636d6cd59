import { checkMetadata, checkText } from '../../check-input.ts';
import { badInput, forbidden } from '../../errors.ts';
import type { NewCheckoutSession } from './new-checkout-session.ts';

/**
 * What is wrong with an input by itself, whatever the project holds.
 * @throws Refusal BAD_USER_INPUT with the field; FORBIDDEN for what a customer token may not say.
 */
export function checkCheckout(input: NewCheckoutSession): void {
  if (input.bySelfService) refuseOfTokens(input);
  checkMetadata(input.metadata ?? {}, 'metadata');
  checkBuyer(input);
  if (input.mode === 'SETUP') refuseWhatIsSold(input);
  checkLines(input);
  checkTrial(input);
  checkPromotions(input);
  const { expiresInMinutes: minutes } = input;
  if (minutes != null && (minutes < 30 || minutes > 1_440))
    throw badInput('A session is open from 30 to 1,440 minutes.', 'expiresInMinutes');
}

/** The server decides who buys, and what it costs: a browser's word for it is nobody's. */
const notOfTokens = [
  'customerEmail',
  'trialDays',
  'trialWithoutCard',
  'promotionCode',
  'allowPromotionCodes',
  'automaticTax',
  'currency',
] as const;

function refuseOfTokens(input: NewCheckoutSession): void {
  const said = notOfTokens.find((name) => input[name] != null && !(name === 'allowPromotionCodes' && !input[name]));
  if (said) throw forbidden(`A customer token may not say ${said}: open the session with an API key, or leave it out.`);
}

function checkBuyer({ mode, customerId, customerEmail }: NewCheckoutSession): void {
  if (customerEmail == null) return;
  if (customerId != null) throw badInput('Name a customer or the address of a guest, not both.', 'customerEmail');
  if (mode === 'SETUP')
    throw badInput('Mode SETUP saves a payment method for a customer. Name one by customerId.', 'customerEmail');
}

const sold = [
  ['priceId', 'price'],
  ['plan', 'plan'],
  ['lineItems', 'line items'],
  ['quantity', 'quantity'],
  ['currency', 'currency'],
  ['allowPromotionCodes', 'promotion codes'],
  ['promotionCode', 'promotion code'],
  ['automaticTax', 'tax'],
] as const;

function refuseWhatIsSold(input: NewCheckoutSession): void {
  const said = sold.find(([name]) => input[name] != null && input[name] !== false);
  if (said) throw badInput(`Mode SETUP only saves a payment method. Leave the ${said[1]} out.`, said[0]);
}

function checkLines({ priceId, plan, quantity, lineItems }: NewCheckoutSession): void {
  if (priceId != null && plan != null) throw badInput('Give a price or a plan, not both.', 'plan');
  checkQuantity(quantity, 'quantity');
  if (lineItems == null) return;
  const other = priceId != null ? 'a price' : plan != null ? 'a plan' : quantity != null ? 'a quantity' : null;
  if (other) throw badInput(`Give line items or ${other}, not both.`, 'lineItems');
  if (lineItems.length < 1 || lineItems.length > 100) throw badInput('Give from 1 to 100 line items.', 'lineItems');
  for (const [at, line] of lineItems.entries()) {
    checkQuantity(line.quantity, `lineItems.${at}.quantity`);
    const { minimum, maximum } = line.adjustableQuantity ?? { minimum: 1, maximum: 999_999 };
    const field = `lineItems.${at}.adjustableQuantity`;
    if (minimum < 1 || maximum > 999_999 || minimum > maximum)
      throw badInput('The bounds of a quantity are from 1 to 999,999, the lower one first.', field);
    const first = line.quantity ?? 1;
    if (first < minimum || first > maximum)
      throw badInput(`The quantity, ${first}, must lie within its bounds, ${minimum} and ${maximum}.`, field);
    if (lineItems.findIndex(({ priceId }) => priceId === line.priceId) !== at)
      throw badInput('Another line item has this price. Raise its quantity instead.', `lineItems.${at}.priceId`);
  }
}

function checkQuantity(quantity: number | null | undefined, field: string): void {
  if (quantity != null && (quantity < 1 || quantity > 999_999))
    throw badInput('The quantity is from 1 to 999,999.', field);
}

function checkTrial({ mode, trialDays, trialWithoutCard }: NewCheckoutSession): void {
  if (trialWithoutCard != null && trialDays == null)
    throw badInput('Say how long the trial lasts (trialDays), or leave trialWithoutCard out.', 'trialWithoutCard');
  if (trialDays == null) return;
  if (mode !== 'SUBSCRIPTION')
    throw badInput('Only a subscription has a trial. Leave trialDays out, or use mode SUBSCRIPTION.', 'trialDays');
  if (trialDays < 1 || trialDays > 730) throw badInput('A trial lasts from 1 to 730 days.', 'trialDays');
}

function checkPromotions({ allowPromotionCodes, promotionCode }: NewCheckoutSession): void {
  if (promotionCode == null) return;
  checkText(promotionCode, 'promotionCode', { max: 500 });
  if (allowPromotionCodes)
    throw badInput('Name a promotion code or let the buyer type one, not both.', 'promotionCode');
}
