import { Dialog } from '@/components/ui/Dialog';
import { CopyButton } from '@/components/ui/Snippet';
import { Facts } from '@/components/ui/Values';
import type { Row } from '@/lib/datasets/row-pager';

/** One row in full. */
export function RowDialog({
  row,
  tasks,
  onClose,
}: {
  row: Row;
  tasks: readonly string[];
  onClose: () => void;
}) {
  return (
    <Dialog wide title={`Row ${row.index}`} open onOpenChange={(open) => !open && onClose()}>
      <div className="flex items-start gap-2">
        <p
          tabIndex={0}
          className="max-h-[50dvh] min-w-0 flex-1 overflow-auto rounded-md bg-sunken p-3 break-words whitespace-pre-wrap"
        >
          {row.sentence}
        </p>
        <CopyButton text={row.sentence} label="Copy the sentence" />
      </div>
      <div className="mt-4">
        <Facts
          rows={[
            ['Split', row.split.toLowerCase()],
            ...tasks.map((task): [string, string] => [
              task,
              row.labels.find((label) => label.task === task)?.label ?? 'not labelled',
            ]),
          ]}
        />
      </div>
    </Dialog>
  );
}
