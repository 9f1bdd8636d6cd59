import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { networkOf } from '../../src/limits/address-limits.ts';
import { createMemoryCounter } from '../../src/limits/create-memory-counter.ts';

describe('a window', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('begins with the first point, and ends after its seconds', async () => {
    const counter = createMemoryCounter();
    expect(await counter.add('a', 2, 60)).toEqual({ consumed: 2, msBeforeNext: 60_000 });
    vi.advanceTimersByTime(59_000);
    expect(await counter.add('a', 3, 60)).toEqual({ consumed: 5, msBeforeNext: 1_000 });
    expect(await counter.add('b', 1, 1)).toEqual({ consumed: 1, msBeforeNext: 1_000 });
    vi.advanceTimersByTime(1_000);
    expect(await counter.add('a', 1, 60)).toEqual({ consumed: 1, msBeforeNext: 60_000 });
  });
});

describe('an IP address counts', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '::ffff:203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ])('%s as %s', (address, network) => expect(networkOf(address)).toBe(network));
});
