'use client';

import { Plus, X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useId, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { Dialog, DialogActions } from '@/components/ui/Dialog';
import { Field, Select, TextInput } from '@/components/ui/Field';
import { ErrorState } from '@/components/ui/states';
import { useForkRun, type RunDetail } from '@/lib/api/use-run';
import { formatCount } from '@/lib/format';
import { changeablePaths, readChanges, type SettingChange } from '@/lib/setting-changes';

/** Begins a new run with the weights of this one at a step, with settings changed. */
export function ForkDialog({
  run,
  open,
  onOpenChange,
}: {
  run: RunDetail;
  open: boolean;
  onOpenChange: (open: boolean) => void;
}) {
  const id = useId();
  const router = useRouter();
  const { perform, pending, error } = useForkRun();
  const [name, setName] = useState('');
  const [step, setStep] = useState('');
  const [changes, setChanges] = useState<readonly SettingChange[]>([
    { path: 'training.learningRate', text: '' },
  ]);
  const steps = [...new Set(run.checkpoints.map((checkpoint) => checkpoint.step))].sort((a, b) => b - a);
  const settings = changeablePaths(run.definition);
  const { values, complaints } = readChanges(changes);
  const set = (index: number, change: Partial<SettingChange>) =>
    setChanges(changes.map((one, place) => (place === index ? { ...one, ...change } : one)));
  const submit = async () => {
    const input = {
      id: run.id,
      ...(name.trim() === '' ? {} : { name: name.trim() }),
      ...(step === '' ? {} : { step: Number(step) }),
      ...(Object.keys(values).length === 0 ? {} : { settings: values }),
    };
    const result = await perform({ input });
    if (result) router.push(`/runs/${result.forkRun.run.id}`);
  };
  return (
    <Dialog
      wide
      title={`Fork ${run.name}`}
      lead="A new run that begins with this one's weights at a step; its own steps count from the start."
      open={open}
      onOpenChange={onOpenChange}
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label="Name" hint="Made of this run's name when empty.">
            <TextInput value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
          </Field>
          <Field label="Begin at" hint={steps.length === 0 ? 'The run has no checkpoint yet.' : undefined}>
            <Select
              value={step}
              onChange={(event) => setStep(event.target.value)}
              disabled={steps.length === 0}
            >
              <option value="">the newest checkpoint</option>
              {steps.map((one) => (
                <option key={one} value={one}>
                  step {formatCount(one)}
                </option>
              ))}
            </Select>
          </Field>
        </div>
        <fieldset className="flex min-w-0 flex-col gap-2">
          <legend className="mb-1 text-table font-medium">Settings to change</legend>
          <datalist id={`${id}-paths`}>
            {Object.keys(settings).map((path) => (
              <option key={path} value={path} />
            ))}
          </datalist>
          {changes.map((change, index) => (
            <div key={index} className="flex flex-col gap-1">
              <div className="flex items-center gap-2">
                <TextInput
                  aria-label={`Path of setting ${index + 1}`}
                  list={`${id}-paths`}
                  placeholder="training.epochs"
                  value={change.path}
                  onChange={(event) => set(index, { path: event.target.value })}
                  className="flex-1 font-mono"
                />
                <TextInput
                  aria-label={`Value of setting ${index + 1}`}
                  placeholder={settings[change.path] ?? 'new value'}
                  value={change.text}
                  onChange={(event) => set(index, { text: event.target.value })}
                  className="flex-1 font-mono"
                />
                <Button
                  small
                  look="ghost"
                  aria-label={`Leave setting ${index + 1} as it is`}
                  onClick={() => setChanges(changes.filter((_, place) => place !== index))}
                >
                  <X aria-hidden className="size-3.5" />
                </Button>
              </div>
              {complaints[index] && <p className="text-table text-bad">{complaints[index]}</p>}
            </div>
          ))}
          <Button
            small
            className="self-start"
            onClick={() => setChanges([...changes, { path: '', text: '' }])}
          >
            <Plus aria-hidden className="size-3.5" />
            Another setting
          </Button>
          <p className="text-axis text-muted">
            Values are JSON: 1e-5, true, {'{"preset": "head-only"}'}; other text is taken as text. The model
            stays.
          </p>
        </fieldset>
        {error && <ErrorState error={error} />}
        <DialogActions>
          <Button onClick={() => onOpenChange(false)}>Cancel</Button>
          <Button
            look="primary"
            type="submit"
            disabled={pending || steps.length === 0 || complaints.some((complaint) => complaint !== null)}
          >
            {pending ? 'Forking…' : 'Fork and queue'}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
