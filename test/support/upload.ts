/** What the upload route answers. */
export interface UploadAnswer {
  status: number;
  created?: boolean;
  dataset?: { id: string; name: string; version: number; digest: string; rowCount: number };
  errors?: {
    message: string;
    extensions: {
      code: string;
      path?: string;
      faultCount?: number;
      faults?: { line: number; message: string }[];
    };
  }[];
}

/** Sends rows to `POST /datasets/:name` of a server. */
export async function upload(
  url: string,
  name: string,
  body: string | Uint8Array<ArrayBuffer>,
  { type = 'text/csv', query = '', headers = {} }: { type?: string; query?: string; headers?: object } = {},
): Promise<UploadAnswer> {
  const response = await fetch(`${url}/datasets/${encodeURIComponent(name)}${query}`, {
    method: 'POST',
    headers: { 'content-type': type, ...headers },
    body,
  });
  return { status: response.status, ...((await response.json()) as object) };
}
