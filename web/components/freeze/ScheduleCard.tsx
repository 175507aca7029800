'use client';

import { Plus, X } from 'lucide-react';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { TextInput } from '@/components/ui/Field';
import { formatPercent } from '@/lib/format';
import { modelParts, trainableShare } from '@/lib/freeze';
import {
  nextStage,
  rulesText,
  unfreezeGradually,
  type Design,
  type DesignModel,
  type DesignStage,
} from '@/lib/freeze-design';

/** What is frozen from which epoch on: the stages of gradual unfreezing, one of which is drawn above. */
export function ScheduleCard({
  design,
  model,
  epochs,
  active,
  onActive,
  onChange,
}: {
  design: Design;
  model: DesignModel;
  epochs: number;
  active: number;
  onActive: (stage: number) => void;
  onChange: (design: Design) => void;
}) {
  const [first, ...later] = design;
  const replaceLater = (stages: DesignStage[]) => onChange([first, ...stages]);
  const full = design.at(-1)!.epoch >= epochs;
  return (
    <Card
      title="Schedule"
      note={
        later.length === 0
          ? 'the same from the first epoch to the last'
          : `${design.length} stages in ${epochs} epochs`
      }
      actions={
        <span className="flex flex-wrap gap-2">
          <Button
            small
            disabled={epochs < 2}
            title="Heads first, then one block an epoch from the top"
            onClick={() => {
              onChange(unfreezeGradually(model, epochs));
              onActive(0);
            }}
          >
            Unfreeze block by block
          </Button>
          <Button
            small
            disabled={full}
            title={full ? `The experiment has ${epochs} epochs` : undefined}
            onClick={() => {
              replaceLater([...later, nextStage(design, model)]);
              onActive(design.length);
            }}
          >
            <Plus aria-hidden className="size-3.5" />
            Add a stage
          </Button>
        </span>
      }
    >
      <ol className="flex flex-col gap-1" aria-label="Stages">
        {design.map((stage, index) => {
          const share = trainableShare(modelParts(stage.rules, model));
          return (
            <li
              key={index}
              data-stage={index}
              className={`flex flex-wrap items-center gap-x-3 gap-y-1 rounded-md border px-2 py-1 ${index === active ? 'border-accent bg-accent-soft' : 'border-line'}`}
            >
              <label className="flex min-w-0 flex-1 items-center gap-2">
                <input
                  type="radio"
                  name="stage"
                  checked={index === active}
                  onChange={() => onActive(index)}
                  aria-label={`Draw stage ${index + 1}`}
                  className="accent-accent"
                />
                <span className="min-w-0 text-table break-words">
                  <span className="font-medium">
                    {share === null ? '' : `${formatPercent(share)} trains `}
                  </span>
                  <span className="text-muted">{rulesText(stage.rules)}</span>
                </span>
              </label>
              <span className="flex items-center gap-1.5 text-table text-muted">
                from epoch
                {index === 0 ? (
                  <span className="inline-block w-14 px-2 text-text">1</span>
                ) : (
                  <TextInput
                    type="number"
                    aria-label={`First epoch of stage ${index + 1}`}
                    min={design[index - 1]!.epoch + 1}
                    max={epochs}
                    value={stage.epoch}
                    onChange={(event) =>
                      replaceLater(
                        later.map((one, place) =>
                          place === index - 1 ? { ...one, epoch: Number(event.target.value) } : one,
                        ),
                      )
                    }
                    className="w-14 text-table text-text"
                  />
                )}
                <Button
                  small
                  look="ghost"
                  aria-label={`Remove stage ${index + 1}`}
                  className={index === 0 ? 'invisible' : ''}
                  disabled={index === 0}
                  onClick={() => {
                    replaceLater(later.filter((_, place) => place !== index - 1));
                    onActive(Math.max(0, index - 1));
                  }}
                >
                  <X aria-hidden className="size-3.5" />
                </Button>
              </span>
            </li>
          );
        })}
      </ol>
    </Card>
  );
}
