import type { useFinishedRuns } from '@/lib/api/use-library';
import { printWeights } from '@/lib/weights';
import { nameWithExperiment } from '@/lib/run-names';

/** Whose weights can be chosen: backbones as they were pretrained, and runs after training. */
export function WeightsOptions({
  models,
  runs,
}: {
  models: readonly string[];
  runs: ReturnType<typeof useFinishedRuns>['runs'];
}) {
  return (
    <>
      <optgroup label="As pretrained">
        {models.map((model) => (
          <option key={model} value={printWeights({ model })}>
            {model}
          </option>
        ))}
      </optgroup>
      {runs.length > 0 && (
        <optgroup label="After training">
          {runs.map((run) => (
            <option key={run.id} value={printWeights({ run: run.id })}>
              {nameWithExperiment(run)}
            </option>
          ))}
        </optgroup>
      )}
    </>
  );
}
