import { Choice } from '@/components/ui/Choice';
import { Field, Select, TextInput } from '@/components/ui/Field';
import type { SplittingChoice } from '@/lib/api/upload-dataset';

/** How splits are drawn, as it is typed. */
export interface SplittingText {
  draw: boolean;
  validation: string;
  test: string;
  seed: string;
  stratifyBy: string;
}

export const noSplitting: SplittingText = {
  draw: false,
  validation: '10',
  test: '10',
  seed: '42',
  stratifyBy: '',
};

/** What was typed as the server takes it; the server says what is wrong about it. */
export function readSplitting(text: SplittingText): SplittingChoice | null {
  if (!text.draw) return null;
  return {
    validation: Number(text.validation) / 100,
    test: Number(text.test) / 100,
    seed: Number(text.seed),
    stratifyBy: text.stratifyBy === '' ? null : text.stratifyBy,
  };
}

/** Whether splits come from the file or are drawn, and how. */
export function SplittingFields({
  value,
  tasks,
  onChange,
}: {
  value: SplittingText;
  tasks: readonly string[];
  onChange: (value: SplittingText) => void;
}) {
  const set = (change: Partial<SplittingText>) => onChange({ ...value, ...change });
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 text-table font-medium">Splits</legend>
      <Choice
        label="Splits"
        options={[
          { value: 'file', text: 'As the file says' },
          { value: 'draw', text: 'Draw them' },
        ]}
        value={value.draw ? 'draw' : 'file'}
        onChange={(choice) => set({ draw: choice === 'draw' })}
      />
      {value.draw ? (
        <>
          <div className="grid grid-cols-2 gap-3 sm:grid-cols-4">
            {(['validation', 'test'] as const).map((split) => (
              <Field key={split} label={split === 'validation' ? 'Validation, %' : 'Test, %'}>
                <TextInput
                  type="number"
                  min={0}
                  max={100}
                  step="any"
                  required
                  value={value[split]}
                  onChange={(event) => set({ [split]: event.target.value })}
                />
              </Field>
            ))}
            <Field label="Seed">
              <TextInput
                type="number"
                min={0}
                step={1}
                required
                value={value.seed}
                onChange={(event) => set({ seed: event.target.value })}
              />
            </Field>
            <Field label="Spread evenly">
              <Select value={value.stratifyBy} onChange={(event) => set({ stratifyBy: event.target.value })}>
                <option value="">all labels</option>
                {tasks.map((task) => (
                  <option key={task} value={task}>
                    {task}
                  </option>
                ))}
              </Select>
            </Field>
          </div>
          <p className="text-axis text-muted">
            Rows that name a split keep it; rows of the same sentence stay together. Another seed gives
            another version.
          </p>
        </>
      ) : (
        <p className="text-axis text-muted">Rows that name no split are trained on.</p>
      )}
    </fieldset>
  );
}
