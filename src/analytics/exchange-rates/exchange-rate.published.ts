import { publish } from '../../reader/publish.ts';
import { ExchangeRate } from './exchange-rate.entity.ts';
import { ExchangeRateType } from './exchange-rate.type.ts';

export const publishedExchangeRate = publish(ExchangeRateType, ExchangeRate, () => ({}));
