import { publishedPrice } from '../catalog/price.published.ts';
import { publishedProduct } from '../catalog/product.published.ts';
import { publishedCustomer } from '../customers/customer.published.ts';
import { publishedSubscription } from '../subscriptions/subscription.published.ts';
import { publishedSubscriptionItem } from '../subscriptions/subscription-item.published.ts';

/** Every type that is read from a table. */
export const published = [
  publishedCustomer,
  publishedPrice,
  publishedProduct,
  publishedSubscription,
  publishedSubscriptionItem,
];
