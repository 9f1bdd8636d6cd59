import { publish } from '../../reader/publish.ts';
import { Product } from './product.entity.ts';
import { ProductType } from './product.type.ts';

export const publishedProduct = publish(ProductType, Product, () => ({}));
