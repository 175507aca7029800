import type { ReactNode } from 'react';
import { Card } from '@/components/ui/Card';
import { Digest, Facts, Figure, Figures } from '@/components/ui/Values';
import type { DatasetDetail } from '@/lib/api/use-datasets';
import { formatBytes, formatCount, formatPercent, plural } from '@/lib/format';
import { LabelDistribution } from './LabelDistribution';

function drawnBy({ splitting }: DatasetDetail): string {
  if (!splitting) return 'as the rows say; rows that name none are trained on';
  const { validation, test, seed, stratifyBy } = splitting;
  const over = stratifyBy === null ? 'all labels' : stratifyBy;
  return `drawn for rows that named none: ${formatPercent(validation)} validation, ${formatPercent(test)} test, seed ${seed}, ${over} spread evenly`;
}

/** What a version is made of: splits, where it came from, and how the labels are spread. */
export function DatasetOverview({ dataset }: { dataset: DatasetDetail }) {
  const { splits, rowCount, source, repetition, tasks } = dataset;
  const share = (count: number) => (rowCount === 0 ? undefined : formatPercent(count / rowCount));
  const facts: [string, ReactNode][] = [
    [
      'Came as',
      source ? `${source.format} file of ${formatBytes(source.bytes)}` : 'rows inline, through the API',
    ],
    ...(source
      ? ([['File', <Digest key="file" value={source.sha256} name="digest of the file" />]] satisfies [
          string,
          ReactNode,
        ][])
      : []),
    ['Splits', drawnBy(dataset)],
    ['Rows', <Digest key="rows" value={dataset.digest} name="dataset digest" />],
  ];
  return (
    <>
      <Figures>
        <Figure name="Rows" value={formatCount(rowCount)} note={plural(tasks.length, 'task')} />
        <Figure name="Train" value={formatCount(splits.train)} note={share(splits.train)} />
        <Figure name="Validation" value={formatCount(splits.validation)} note={share(splits.validation)} />
        <Figure name="Test" value={formatCount(splits.test)} note={share(splits.test)} />
        <Figure
          name="Leaked rows"
          value={
            <span className={repetition.leakedRows > 0 ? 'text-warn' : ''}>
              {formatCount(repetition.leakedRows)}
            </span>
          }
          note={repetition.leakedRows > 0 ? 'trained on as well' : 'none is trained on'}
        />
        <Figure
          name="Contradictions"
          value={
            <span className={repetition.conflicting > 0 ? 'text-warn' : ''}>
              {formatCount(repetition.conflicting)}
            </span>
          }
          note="labelled both ways"
        />
      </Figures>
      <Card title="Origin">
        <Facts rows={facts} />
      </Card>
      <div
        className={`grid min-w-0 items-start gap-4 ${splits.train === rowCount ? 'lg:grid-cols-2' : '2xl:grid-cols-2'}`}
      >
        {tasks.map((task) => (
          <LabelDistribution key={task.name} task={task} />
        ))}
      </div>
    </>
  );
}
