'use client';

import { useId, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { Dialog, DialogActions } from '@/components/ui/Dialog';
import { Field, Select, TextInput } from '@/components/ui/Field';
import { ErrorState } from '@/components/ui/states';
import { Facts } from '@/components/ui/Values';
import { useDatasets } from '@/lib/api/use-library';
import { useSetModelGate, type ModelDetail } from '@/lib/api/use-models';
import type { Split } from '@/lib/generated/graphql';

const splits: readonly Split[] = ['TEST', 'VALIDATION', 'TRAIN'];
const figures = ['accuracy', 'macroF1', 'loss'];

function GateDialog({
  model,
  onClose,
  onSet,
}: {
  model: ModelDetail;
  onClose: () => void;
  onSet: () => void;
}) {
  const id = useId();
  const { perform, pending, error } = useSetModelGate();
  const { datasets } = useDatasets();
  const { gate } = model;
  const [dataset, setDataset] = useState(gate?.dataset ?? '');
  const [split, setSplit] = useState<Split>(gate?.split ?? 'TEST');
  const [metric, setMetric] = useState(gate?.metric ?? '');
  const [tolerance, setTolerance] = useState(String(gate?.tolerance ?? 0));
  const tasks = datasets.find(({ name }) => name === dataset.split('@')[0])?.tasks ?? [];
  return (
    <Dialog
      title="What aliases may only move by"
      lead="A version is refused that is worse than the one an alias points to now, on rows that stay the same."
      open
      onOpenChange={(open) => !open && onClose()}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = {
            dataset: dataset.trim(),
            split,
            metric: metric.trim(),
            tolerance: Number(tolerance),
          };
          void perform({ input: { model: model.name, gate: wanted } }).then(
            (done) => done !== null && onSet(),
          );
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Dataset" hint="name or name@version">
            <TextInput
              list={`${id}-datasets`}
              value={dataset}
              required
              autoFocus
              onChange={(event) => setDataset(event.target.value)}
            />
          </Field>
          <Field label="Split">
            <Select value={split} onChange={(event) => setSplit(event.target.value as Split)}>
              {splits.map((one) => (
                <option key={one} value={one}>
                  {one.toLowerCase()}
                </option>
              ))}
            </Select>
          </Field>
          <Field label="Metric" hint="a task and a figure, such as topic/accuracy">
            <TextInput
              list={`${id}-metrics`}
              value={metric}
              required
              onChange={(event) => setMetric(event.target.value)}
            />
          </Field>
          <Field label="Tolerance" hint="how much worse a version may be">
            <TextInput
              type="number"
              min={0}
              step="any"
              value={tolerance}
              required
              onChange={(event) => setTolerance(event.target.value)}
            />
          </Field>
        </div>
        <datalist id={`${id}-datasets`}>
          {datasets.map(({ id: key, name, version }) => (
            <option key={key} value={`${name}@${version}`} />
          ))}
        </datalist>
        <datalist id={`${id}-metrics`}>
          {tasks.flatMap(({ name }) =>
            figures.map((figure) => <option key={`${name}/${figure}`} value={`${name}/${figure}`} />),
          )}
        </datalist>
        {error && <ErrorState error={error} />}
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" look="primary" disabled={pending}>
            {pending ? 'Setting…' : 'Set the gate'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** What a model's aliases may only move by. */
export function GateCard({
  model,
  mayEdit,
  reload,
}: {
  model: ModelDetail;
  mayEdit: boolean;
  reload: () => void;
}) {
  const [editing, setEditing] = useState(false);
  const remove = useSetModelGate();
  const { gate } = model;
  return (
    <Card
      title="Gate"
      actions={
        mayEdit && (
          <span className="flex gap-2">
            {gate && (
              <Button
                small
                look="danger"
                disabled={remove.pending}
                aria-label="Remove the gate"
                onClick={() =>
                  void remove
                    .perform({ input: { model: model.name, gate: null } })
                    .then((done) => done !== null && reload())
                }
              >
                Remove
              </Button>
            )}
            <Button
              small
              aria-label={gate ? 'Change the gate' : 'Set a gate'}
              onClick={() => setEditing(true)}
            >
              {gate ? 'Change' : 'Set a gate'}
            </Button>
          </span>
        )
      }
    >
      {remove.error && (
        <div className="mb-3">
          <ErrorState error={remove.error} />
        </div>
      )}
      {gate ? (
        <Facts
          rows={[
            ['Metric', gate.metric],
            ['Measured on', `${gate.split.toLowerCase()} rows of ${gate.dataset}`],
            ['Tolerance', gate.tolerance === 0 ? 'none: never worse' : `${gate.tolerance} worse at most`],
          ]}
        />
      ) : (
        <p className="text-muted">
          None: aliases move wherever they are told. A gate refuses a version that is worse on a fixed split.
        </p>
      )}
      {editing && (
        <GateDialog
          model={model}
          onClose={() => setEditing(false)}
          onSet={() => {
            setEditing(false);
            reload();
          }}
        />
      )}
    </Card>
  );
}
