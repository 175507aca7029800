'use client';

import { useMemo } from 'react';
import type { Comparison } from '@/lib/api/use-comparison';
import { dimensionsOf } from '@/lib/dimensions';
import { settingText } from '@/lib/settings';
import type { MeasuredVerdict } from './compared';

/** What compared runs can be put along an axis by, and which of it says how well they did. */
export function useDimensions(comparison: Comparison | null, verdict: MeasuredVerdict) {
  const dimensions = useMemo(
    () => (comparison ? dimensionsOf(comparison.runs, comparison.settings, settingText) : []),
    [comparison],
  );
  const outcomes = useMemo(
    () => [...Object.values(verdict.accuracies), verdict.loss].map((name) => `metric:${name}`),
    [verdict],
  );
  return { dimensions, outcomes };
}
