import { contentTypes, type FileFormat } from '@/lib/datasets/file-columns';
import type { ApiError } from './errors';
import { askToSignIn } from './session';

/** How splits are drawn for rows that name none. */
export interface SplittingChoice {
  validation: number;
  test: number;
  seed: number;
  /** The task whose labels are spread evenly; those of all tasks together when null. */
  stratifyBy: string | null;
}

export interface UploadRequest {
  name: string;
  file: File;
  format: FileFormat;
  splitting: SplittingChoice | null;
}

/** How far an upload is; `share` is null where it cannot be told. */
export interface UploadProgress {
  phase: 'sending' | 'checking' | 'splitting' | 'storing';
  share: number | null;
  rows: number | null;
}

export interface UploadFailure extends ApiError {
  /** The rows that were refused, the first thousand of them. */
  faults: readonly { line: number; message: string }[];
  /** How many they are. */
  faultCount: number;
}

export interface StoredVersion {
  created: boolean;
  dataset: {
    name: string;
    version: number;
    rowCount: number;
    repetition: { sentences: number; leakedRows: number; conflicting: number };
  };
}

export type UploadOutcome =
  | { kind: 'stored'; stored: StoredVersion }
  | { kind: 'failed'; failure: UploadFailure }
  | { kind: 'given up' };

interface Line {
  progress?: { phase: 'splitting' | 'storing'; rows: number; totalRows: number | null };
  result?: StoredVersion;
  errors?: {
    message: string;
    extensions: Partial<UploadFailure> & { code: string };
  }[];
}

/**
 * Sends a file of rows to be stored as a version of a dataset. Not by `fetch`, which does not tell how much has been sent. Ends when
 * the signal fires; nothing is stored then.
 */
export function uploadDataset(
  { name, file, format, splitting }: UploadRequest,
  onProgress: (progress: UploadProgress) => void,
  signal: AbortSignal,
): Promise<UploadOutcome> {
  const request = new XMLHttpRequest();
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(splitting ?? {}))
    if (value !== null) query.set(key, String(value));
  request.open('POST', `/datasets/${encodeURIComponent(name)}${query.size > 0 ? `?${query}` : ''}`);
  request.setRequestHeader('content-type', contentTypes[format]);
  request.setRequestHeader('accept', 'application/x-ndjson');
  request.upload.onprogress = ({ loaded, total }) =>
    onProgress({ phase: 'sending', share: total > 0 ? loaded / total : null, rows: null });
  request.upload.onload = () => onProgress({ phase: 'checking', share: null, rows: null });
  request.onprogress = () => {
    const { progress } = lastLine(request.responseText);
    if (!progress) return;
    const { phase, rows, totalRows } = progress;
    onProgress({ phase, rows, share: totalRows ? rows / totalRows : null });
  };
  return new Promise((resolve) => {
    request.onabort = () => resolve({ kind: 'given up' });
    request.onerror = () =>
      resolve({
        kind: 'failed',
        failure: failureOf(
          'UNREACHABLE',
          'The connection broke off before the file was stored. Is the server still running?',
        ),
      });
    request.onload = () => {
      if (request.status === 401) askToSignIn();
      const { result, errors } = lastLine(request.responseText);
      const [error] = errors ?? [];
      if (result) resolve({ kind: 'stored', stored: result });
      else
        resolve({
          kind: 'failed',
          failure: error
            ? { ...failureOf(error.extensions.code, error.message), ...error.extensions }
            : failureOf(`HTTP_${request.status}`, `The server answered with HTTP ${request.status}.`),
        });
    };
    signal.addEventListener('abort', () => request.abort(), { once: true });
    request.send(file);
  });
}

function failureOf(code: string, message: string): UploadFailure {
  return { code, message, path: null, column: null, retryable: false, faults: [], faultCount: 0 };
}

/** The last whole line of an answer, which may still be on its way. */
function lastLine(text: string): Line {
  for (const line of text.trimEnd().split('\n').reverse()) {
    try {
      return JSON.parse(line) as Line;
    } catch {
      continue;
    }
  }
  return {};
}
