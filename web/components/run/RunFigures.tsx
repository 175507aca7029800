import { Figure, Figures } from '@/components/ui/Values';
import type { RunDetail } from '@/lib/api/use-run';
import { formatCount, formatNumber, formatPercent, formatSeconds } from '@/lib/format';
import { accuracyMetric, lastValue, lossMetric, phaseLabel, taskNames } from '@/lib/metrics';
import { freezeStages } from '@/lib/settings';

/** The run in a row of numbers. */
export function RunFigures({ run }: { run: RunDetail }) {
  const loss = lossMetric([run]);
  const { computeSeconds, savedSeconds } = run.cost;
  return (
    <Figures>
      <Figure
        name="Trainable"
        value={formatPercent(run.freeze.trainableShare)}
        note={
          freezeStages(run.definition).length > 1
            ? `at first; at any time ${formatCount(run.trainableParameters)} of ${formatCount(run.totalParameters)}`
            : `${formatCount(run.trainableParameters)} of ${formatCount(run.totalParameters)}`
        }
        wrapNote
      />
      <Figure name="Loss" value={formatNumber(lastValue(run.metrics, loss))} note={phaseLabel(loss)} />
      {taskNames(run.metrics).map((task) => {
        const metric = accuracyMetric([run], task);
        return (
          <Figure
            key={task}
            name={`Accuracy, ${task}`}
            value={formatPercent(lastValue(run.metrics, metric))}
            note={phaseLabel(metric)}
          />
        );
      })}
      <Figure
        name="Compute"
        value={formatSeconds(computeSeconds)}
        note={savedSeconds ? `${formatSeconds(savedSeconds)} saved by cached features` : undefined}
        wrapNote
      />
      <Figure name="Seed" value={run.seed} note={`step ${formatCount(run.progress.step)}`} />
    </Figures>
  );
}
