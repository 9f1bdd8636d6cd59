import type { FormFault } from '../pages/form-field.ts';
import type { Html } from '../pages/html.ts';
import type { AccountTransaction } from '../store/account-transaction.ts';
import type { Form } from '../wire/form-body.ts';
import { cancelPage } from './cancel-page.ts';
import { cardPage } from './card-page.ts';
import { detailsPage } from './details-page.ts';
import { offeredPrices } from './offered-prices.ts';
import { planPage } from './plan-page.ts';
import { cancelPlan, changeDetails, changePlan, keepPlan, openSubscription, replaceCard } from './portal-actions.ts';
import type { PortalView } from './portal-view.ts';

type Feature = 'customer_update' | 'payment_method_update' | 'subscription_cancel' | 'subscription_update';

/** One page of the portal: what it shows, and what its form does. `id` is the subscription in its address, if one is. */
export interface PortalPage {
  path: string;
  feature: Feature;
  show?(tx: AccountTransaction, view: PortalView, id: string, fault?: FormFault): Promise<Html> | Html;
  act(tx: AccountTransaction, view: PortalView, id: string, fields: { [name: string]: Form }): Promise<void>;
}

/** Every page that a form of the portal is on. */
export const portalPages: PortalPage[] = [
  {
    path: '/subscriptions/:subscription/update',
    feature: 'subscription_update',
    show: async (tx, view, id, fault) => {
      const subscription = openSubscription(view, id);
      const offered = await offeredPrices(tx, view.configuration, subscription);
      const confirmed = view.session.flow?.subscription_update_confirm?.items[0]?.price;
      return planPage(view, subscription, confirmed ? offered.filter(({ id }) => id === confirmed) : offered, fault);
    },
    act: changePlan,
  },
  {
    path: '/subscriptions/:subscription/cancel',
    feature: 'subscription_cancel',
    show: (_tx, view, id, fault) => cancelPage(view, openSubscription(view, id), fault),
    act: cancelPlan,
  },
  { path: '/subscriptions/:subscription/resume', feature: 'subscription_cancel', act: keepPlan },
  {
    path: '/payment_method',
    feature: 'payment_method_update',
    show: (_tx, view, _id, fault) => cardPage(view, fault),
    act: (tx, view, _id, fields) => replaceCard(tx, view, fields),
  },
  {
    path: '/details',
    feature: 'customer_update',
    show: (_tx, view, _id, fault) => detailsPage(view, fault),
    act: (tx, view, _id, fields) => changeDetails(tx, view, fields),
  },
];
