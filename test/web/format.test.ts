import assert from 'node:assert/strict';
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDelta,
  formatDeviation,
  formatNumber,
  formatPercent,
  formatPoints,
  formatRatio,
  formatSeconds,
  plural,
  shortDigest,
} from '../../web/lib/format.js';

describe('formats of the dashboard', () => {
  it('writes numbers with four significant digits, and scientific where they are small or large', () => {
    const expected: [number, string][] = [
      [0, '0'],
      [1, '1'],
      [0.693147, '0.6931'],
      [12.3456, '12.35'],
      [1234.56, '1,235'],
      [123456, '123,456'],
      [0.00012345, '1.234e−4'],
      [2e-5, '2e−5'],
      [1.5e6, '1.5e6'],
      [-0.5, '−0.5000'],
    ];
    for (const [value, text] of expected) assert.equal(formatNumber(value), text);
  });

  it('says "—" for what is missing and NaN and infinities as they are', () => {
    for (const format of [
      formatNumber,
      formatDelta,
      formatCount,
      formatPercent,
      formatPoints,
      formatSeconds,
      formatBytes,
    ]) {
      assert.equal(format(null), '—');
      assert.equal(format(undefined), '—');
      assert.equal(format(Number.NaN), 'NaN');
      assert.equal(format(Infinity), '∞');
      assert.equal(format(-Infinity), '−∞');
    }
  });

  it('signs differences, with percentage points for shares', () => {
    assert.equal(formatDelta(0.12), '+0.1200');
    assert.equal(formatDelta(-0.031), '−0.03100');
    assert.equal(formatDelta(0), '±0');
    assert.equal(formatPoints(0.012), '+1.20 pp');
    assert.equal(formatPoints(-1 / 6), '−16.67 pp');
    assert.equal(formatPoints(0.00001), '±0 pp');
  });

  it('writes shares as percentages with two places', () => {
    assert.equal(formatPercent(0.92313), '92.31 %');
    assert.equal(formatPercent(1), '100.00 %');
    assert.equal(formatPercent(0), '0.00 %');
  });

  it('shortens counts from ten thousand', () => {
    assert.deepEqual([6, 9999, 12_000, 198_662, 22_713_216, 3.2e9].map(formatCount), [
      '6',
      '9,999',
      '12.0K',
      '199K',
      '22.7M',
      '3.2G',
    ]);
  });

  it('writes durations in the unit people would', () => {
    const expected: [number, string][] = [
      [0, '0 ms'],
      [0.0012, '1.2 ms'],
      [0.84, '840 ms'],
      [42.1, '42.1 s'],
      [59.97, '1m 00s'],
      [725, '12m 05s'],
      [3599.6, '1h 00m'],
      [11_520, '3h 12m'],
      [-5.1, '−5.1 s'],
    ];
    for (const [seconds, text] of expected) assert.equal(formatSeconds(seconds), text);
  });

  it('gives deviations two digits', () => {
    assert.equal(formatDeviation(0.0097123, false), '0.0097');
    assert.equal(formatDeviation(0.0627, true), '6.3 pp');
    assert.equal(formatDeviation(0, true), '0 pp');
    assert.equal(formatDeviation(null, true), '—');
  });

  it('writes ratios and bytes', () => {
    assert.deepEqual([0.002, 0.05, 1, 19.1].map(formatRatio), ['0.002×', '0.05×', '1.00×', '19.1×']);
    assert.deepEqual([12, 91_000_000, 5 * 2 ** 30].map(formatBytes), ['12 B', '86.8 MiB', '5.0 GiB']);
  });

  it('tells how long ago an instant was', () => {
    const now = Date.parse('2026-03-12T12:00:00Z');
    const ago = (seconds: number) => formatAgo(new Date(now - seconds * 1000).toISOString(), now);
    assert.deepEqual([3, 240, 10_800, 86_400, 3 * 86_400].map(ago), [
      'just now',
      '4 min ago',
      '3 h ago',
      'yesterday',
      '3 days ago',
    ]);
    assert.equal(formatAgo('2025-12-24T12:00:00Z', now), '24 Dec 2025');
    assert.equal(formatAgo(null, now), '—');
  });

  it('counts in words and shortens digests', () => {
    assert.equal(plural(1, 'run'), '1 run');
    assert.equal(plural(5, 'run'), '5 runs');
    assert.equal(shortDigest('53aa51172d142c89d9012cce15ae4d6c'), '53aa51172d14');
    assert.equal(shortDigest(null), '—');
  });
});
