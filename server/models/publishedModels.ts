import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FrostlineError } from '../../experiments/errors.js';
import { enterBlob, releaseBlob } from '../blobs/blobRecords.js';
import { type BlobStore, type StoredBlob } from '../blobs/blobStore.js';
import { type Database, inTransaction } from '../db/database.js';

/**
 * Models that the server has put beside its blobs, so that workers on other machines need no folder of models and no hub: they get the
 * very files that a launch was planned with.
 */
export interface PublishedModels {
  /** Puts the files of a model into the store, unless they are there. */
  publish(model: string, folder: string): Promise<void>;
  /** A folder that holds the model under its name, fetched if need be; null when it was never published. */
  fetch(model: string): Promise<string | null>;
}

interface ModelFile {
  name: string;
  sha256: string;
}

/** What a model consists of; never formats that run code when they are read. */
const MODEL_FILE = /^[\w-][\w.-]*\.(json|txt|model|safetensors)$/;
/** Made of the files themselves when they were fetched. */
const OWN_FILE = 'frostline-manifest.json';

/** Opens the models that are kept in a store of blobs; those that were fetched stay below the cache folder. */
export function openPublishedModels(
  database: Database,
  blobs: BlobStore,
  cacheFolder: string,
): PublishedModels {
  const root = join(cacheFolder, 'published');
  /** Digests of large files take seconds: they are taken anew when a file's size or time has changed. */
  const described = new Map<string, { signature: string; files: ModelFile[] }>();
  const describeFolder = async (folder: string): Promise<ModelFile[]> => {
    const names = await filesOf(folder);
    const signature = await signatureOf(folder, names);
    const known = described.get(folder);
    if (known?.signature === signature) return known.files;
    const files = await Promise.all(names.map((name) => describe(folder, name)));
    described.set(folder, { signature, files });
    return files;
  };

  return {
    async publish(model, folder) {
      const files = await describeFolder(folder);
      if (digestOf(files) === digestOf(await listFiles(database, model))) return;
      await store({ database, blobs }, { model, folder, files });
    },

    async fetch(model) {
      const files = await listFiles(database, model);
      if (files.length === 0) return null;
      const home = join(root, digestOf(files));
      if (await exists(home)) return home;
      const incoming = join(root, `.incoming-${randomUUID()}`);
      try {
        for (const { name, sha256 } of files) {
          const path = join(incoming, model, checkedName(name));
          await mkdir(dirname(path), { recursive: true });
          await blobs.copyTo(sha256, path);
        }
        await rename(incoming, home);
      } catch (error) {
        await rm(incoming, { recursive: true, force: true });
        // Another process was faster, with the same files.
        if (!(await exists(home))) throw error;
      }
      return home;
    },
  };
}

async function store(
  { database, blobs }: { database: Database; blobs: BlobStore },
  { model, folder, files }: { model: string; folder: string; files: ModelFile[] },
): Promise<void> {
  const stored: (ModelFile & StoredBlob)[] = [];
  for (const { name } of files) {
    stored.push({ name, ...(await blobs.put(createReadStream(join(folder, name)))) });
  }
  const replaced = await inTransaction(database.pool, async (client) => {
    await client.query("SELECT pg_advisory_xact_lock(hashtext('model'), hashtext($1))", [model]);
    const { rows } = await client.query<{ sha256: string }>(
      'DELETE FROM published_model_file WHERE model = $1 RETURNING sha256',
      [model],
    );
    for (const { name, ...blob } of stored) {
      await enterBlob(client, blob);
      // Somebody may have given up the same bytes in the meantime.
      if (!(await blobs.has(blob.sha256))) await blobs.put(createReadStream(join(folder, name)));
      await client.query('INSERT INTO published_model_file (model, name, sha256) VALUES ($1, $2, $3)', [
        model,
        name,
        blob.sha256,
      ]);
    }
    return rows.map(({ sha256 }) => sha256);
  });
  for (const sha256 of replaced) await releaseBlob(database, blobs, sha256);
}

async function listFiles({ prisma }: Database, model: string): Promise<ModelFile[]> {
  return prisma.publishedModelFile.findMany({
    where: { model },
    select: { name: true, sha256: true },
    orderBy: { name: 'asc' },
  });
}

/** Names of a model's files, those of its folders for pooling and the like included, in order. */
async function filesOf(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const { name } of await readdir(folder, { withFileTypes: true })) {
    // Hugging Face's cache holds links to files.
    const isFolder = (await stat(join(folder, name))).isDirectory();
    const inner = isFolder ? (await readdir(join(folder, name))).map((one) => `${name}/${one}`) : [name];
    names.push(...inner.filter((one) => one !== OWN_FILE && one.split('/').every(isNameOf(one))));
  }
  return names.sort();
}

/** A file must be one of a model's; the folder that it lies in may have any plain name. */
function isNameOf(path: string): (part: string) => boolean {
  return (part) => (path.endsWith(part) ? MODEL_FILE.test(part) : /^\w[\w.-]*$/.test(part));
}

async function signatureOf(folder: string, names: readonly string[]): Promise<string> {
  const stats = await Promise.all(
    names.map(async (name) => {
      const { size, mtimeMs } = await stat(join(folder, name));
      return [name, size, mtimeMs];
    }),
  );
  return JSON.stringify(stats);
}

async function describe(folder: string, name: string): Promise<ModelFile> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(join(folder, name))) hash.update(chunk as Buffer);
  return { name, sha256: hash.digest('hex') };
}

function digestOf(files: readonly ModelFile[]): string {
  const text = JSON.stringify(files.map(({ name, sha256 }) => [name, sha256]));
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The database is not trusted with paths. */
function checkedName(name: string): string {
  if (name.split('/').length <= 2 && name.split('/').every(isNameOf(name))) return name;
  throw new FrostlineError('CORRUPT', `expected the name of a model's file, got ${JSON.stringify(name)}`);
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
