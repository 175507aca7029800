'use client';

import { FileText, Upload } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { DialogActions } from '@/components/ui/Dialog';
import { Field, Select, TextInput } from '@/components/ui/Field';
import type { UploadFailure, UploadRequest } from '@/lib/api/upload-dataset';
import { datasetNameOf, formatOfName, readColumns, type FileFormat } from '@/lib/datasets/file-columns';
import { formatBytes } from '@/lib/format';
import { noSplitting, readSplitting, SplittingFields } from './SplittingFields';
import { UploadFaults } from './UploadFaults';

const SENTENCE = 'sentence';
const SPLIT = 'split';

function Columns({ columns }: { columns: readonly string[] }) {
  if (columns.length === 0) return null;
  const tasks = columns.filter((column) => column !== SENTENCE && column !== SPLIT);
  if (!columns.includes(SENTENCE))
    return (
      <p className="text-table text-warn">
        Its first line names no column “{SENTENCE}” but {columns.slice(0, 8).join(', ')}.
      </p>
    );
  return (
    <p className="text-table break-words text-muted">
      {tasks.length === 0 ? 'No labels' : `Tasks: ${tasks.join(', ')}`}
      {columns.includes(SPLIT) && ' · with splits'}
    </p>
  );
}

/** Which file, under which name, in which splits. */
export function UploadForm({
  file,
  dataset,
  failure,
  onFile,
  onSubmit,
  onCancel,
}: {
  file: File | null;
  dataset?: string;
  failure: UploadFailure | null;
  onFile: (file: File | null) => void;
  onSubmit: (request: UploadRequest) => void;
  onCancel: () => void;
}) {
  const picker = useRef<HTMLInputElement>(null);
  const [typedName, setTypedName] = useState<string | null>(null);
  const [chosen, setChosen] = useState<{ file: File | null; format: FileFormat } | null>(null);
  const [splitting, setSplitting] = useState(noSplitting);
  const [columns, setColumns] = useState<readonly string[]>([]);
  const name = dataset ?? typedName ?? (file ? datasetNameOf(file.name) : '');
  const chosenFormat = chosen?.file === file ? chosen?.format : undefined;
  const format = chosenFormat ?? (file ? formatOfName(file.name) : null) ?? 'csv';

  useEffect(() => {
    let current = true;
    setColumns([]);
    // A file that cannot be read is told when it is sent.
    if (file)
      void readColumns(file, format)
        .then((found) => current && setColumns(found))
        .catch(() => undefined);
    return () => {
      current = false;
    };
  }, [file, format]);

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (file) onSubmit({ name: name.trim(), file, format, splitting: readSplitting(splitting) });
      }}
    >
      <input
        ref={picker}
        type="file"
        accept=".csv,.tsv,.tab,.jsonl,.ndjson,text/csv,text/tab-separated-values,application/x-ndjson"
        className="sr-only"
        tabIndex={-1}
        aria-label="File of rows"
        onChange={(event) => {
          const [picked] = event.target.files ?? [];
          if (picked) onFile(picked);
          // The same file, changed meanwhile, can be chosen again.
          event.target.value = '';
        }}
      />
      <button
        type="button"
        onClick={() => picker.current?.click()}
        className="flex min-h-24 w-full min-w-0 flex-col items-center justify-center gap-1.5 rounded-lg border border-dashed border-line-strong bg-sunken p-4 text-center hover:border-accent"
      >
        {file ? (
          <>
            <FileText aria-hidden className="size-5 text-muted" />
            <span className="max-w-full font-medium break-words">{file.name}</span>
            <span className="text-table text-muted">{formatBytes(file.size)} · choose another</span>
          </>
        ) : (
          <>
            <Upload aria-hidden className="size-5 text-muted" />
            <span className="font-medium">Drop a file here, or choose one</span>
            <span className="text-table text-muted">CSV, TSV or JSONL</span>
          </>
        )}
      </button>
      {failure ? <UploadFaults failure={failure} /> : <Columns columns={columns} />}
      <div className="grid gap-4 sm:grid-cols-2">
        {dataset === undefined && (
          <Field label="Name" hint="Rows under a name that exists become its next version.">
            <TextInput
              value={name}
              required
              maxLength={200}
              onChange={(event) => setTypedName(event.target.value)}
            />
          </Field>
        )}
        <Field label="Format">
          <Select
            value={format}
            onChange={(event) => setChosen({ file, format: event.target.value as FileFormat })}
          >
            <option value="csv">CSV</option>
            <option value="tsv">TSV</option>
            <option value="jsonl">JSONL</option>
          </Select>
        </Field>
      </div>
      <SplittingFields
        value={splitting}
        tasks={columns.filter((column) => column !== SENTENCE && column !== SPLIT)}
        onChange={setSplitting}
      />
      <DialogActions>
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" look="primary" disabled={file === null || name.trim() === ''}>
          Upload
        </Button>
      </DialogActions>
    </form>
  );
}
