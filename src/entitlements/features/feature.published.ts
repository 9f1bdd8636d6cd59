import { publish } from '../../reader/publish.ts';
import { Feature } from './feature.entity.ts';
import { FeatureType, ProductFeatureType } from './feature.type.ts';
import { ProductFeature } from './product-feature.entity.ts';

export const publishedFeature = publish(FeatureType, Feature, (from) => ({
  options: from.columns(['optionList'], ({ optionList }) => optionList),
}));

export const publishedProductFeature = publish(
  ProductFeatureType,
  ProductFeature,
  (from) => ({ limit: from.columns(['limitValue'], ({ limitValue }) => limitValue) }),
  { visible: { endedAt: 'absent' } },
);
