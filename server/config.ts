import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { badInput } from '../experiments/errors.js';
import { type BlobSettings } from './blobs/openBlobStore.js';

/** Everything the environment decides, read in this one place. */
export interface Config {
  /** The repository's root: where package.json, prisma/ and web/ lie. */
  root: string;
  host: string;
  port: number;
  /** Database, blobs unless they are elsewhere, state of runs under way. */
  dataFolder: string;
  /** Where blobs are kept. */
  blobs: BlobSettings;
  /** Whether they were said to be kept there: processes on other machines then find the models that runs need there, too. */
  sharesBlobs: boolean;
  /** Weights and features. */
  cacheFolder: string;
  /** Most bytes that features of frozen layers may take in the cache folder. */
  featureCacheBytes: number;
  /** The dashboard's Next.js app. */
  webFolder: string;
  /** Model folders that API clients may name; clients never name paths. */
  modelsFolder: string;
  /** A Postgres to use instead of the embedded one. */
  databaseUrl: string | null;
  /** Where command-line clients find the server; null: the one this data folder's `start` recorded. */
  serverUrl: string | null;
  /** What command-line clients show to the server; null: nothing. */
  token: string | null;
  /** Origins, such as https://frostline.example, that people reach the server by, beside its own. */
  origins: string[];
  device: string;
  /** Threads of a worker, shared by its runs; null: as many as there are. */
  threads: number | null;
  /** Runs that a worker trains at a time. */
  concurrency: number;
  /** How often a run is tried that fails by a fault of ours or loses its worker, unless its launch says otherwise. */
  maxAttempts: number;
  /** Hugging Face's own cache of models. */
  huggingFaceCache: string;
  hubUrl: string;
  hubToken: string | null;
  /** Never ask the network for weights. */
  offline: boolean;
  /** Model of the sample experiment that an empty database gets; null: the one its definition names. */
  sampleModel: string | null;
  /** Answering from models: what may wait, and what may be held. */
  inference: {
    /** Sentences that may wait; requests beyond are refused until there is room. */
    queueSentences: number;
    /** Bytes that weights of loaded models may take. */
    modelBytes: number;
    /** Most tokens of a batch. */
    batchTokens: number;
    /** The model of requests that have no place for a name. */
    defaultModel: string;
  };
  /** Bytes that sets of vectors may take in memory, for similarity search. */
  vectorBytes: number;
  /** Request bodies larger than this are refused, in bytes. */
  bodyLimit: number;
  /** Statements that requests need of the database are given up after this long. */
  statementSeconds: number;
  /** How logs are written; null: text on a terminal, lines of JSON elsewhere. */
  logFormat: 'json' | 'text' | null;
  /** How long a server that is told to stop says so at /readyz while it still serves, for load balancers to look elsewhere. */
  drainSeconds: number;
  /** Where traces go, by OTLP over HTTP; null: nowhere. */
  traceEndpoint: string | null;
  /** Files of rows larger than this are refused, in bytes and in rows. */
  uploadLimits: { bytes: number; rows: number };
  environment: NodeJS.ProcessEnv;
}

function findRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

function integer(env: NodeJS.ProcessEnv, name: string, range: { min: number; max: number }): number | null {
  const text = env[name];
  if (text === undefined || text === '') return null;
  const value = Number(text);
  if (!Number.isInteger(value) || value < range.min || value > range.max) {
    throw badInput(`${name}: expected a whole number from ${range.min} to ${range.max}, got "${text}"`);
  }
  return value;
}

function number(env: NodeJS.ProcessEnv, name: string): number | null {
  const text = env[name];
  if (text === undefined || text === '') return null;
  const value = Number(text);
  if (!(value >= 0 && value < Infinity)) {
    throw badInput(`${name}: expected a number of at least 0, got "${text}"`);
  }
  return value;
}

function oneOf<Choice extends string>(
  env: NodeJS.ProcessEnv,
  name: string,
  choices: readonly Choice[],
): Choice | null {
  const text = env[name];
  if (text === undefined || text === '') return null;
  const choice = choices.find((each) => each === text);
  if (choice !== undefined) return choice;
  throw badInput(`${name}: expected one of ${choices.join(', ')}, got "${text}"`);
}

function origins(env: NodeJS.ProcessEnv, name: string): string[] {
  const listed = (env[name] ?? '').split(/[\s,]+/).filter((text) => text !== '');
  return listed.map((text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '')
      return url.origin;
    throw badInput(`${name}: expected origins such as https://frostline.example, got "${text}"`);
  });
}

/**
 * `FROSTLINE_BLOBS` is a folder, or `s3://bucket/prefix`. Endpoint, region and keys are in the variables that the AWS SDK reads as well;
 * what they do not say it looks for by itself.
 */
function blobSettings(env: NodeJS.ProcessEnv, dataFolder: string): BlobSettings {
  const text = env.FROSTLINE_BLOBS || join(dataFolder, 'blobs');
  if (!/^[a-z0-9]+:\/\//i.test(text)) return { kind: 'folder', folder: resolve(text) };
  const [, bucket, prefix] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? [];
  if (bucket === undefined)
    throw badInput(`FROSTLINE_BLOBS: expected a folder, or s3://bucket/prefix, got "${text}"`);
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || null;
  if (endpoint !== null && !/^https?:$/.test(URL.canParse(endpoint) ? new URL(endpoint).protocol : ''))
    throw badInput(`AWS_ENDPOINT_URL_S3: expected a URL such as https://s3.example, got "${endpoint}"`);
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = env;
  const sessionToken = env.AWS_SESSION_TOKEN;
  return {
    kind: 's3',
    bucket,
    prefix: (prefix ?? '').replace(/^\/+|\/+$/g, ''),
    endpoint,
    // Stores elsewhere than Amazon's have no regions, but signatures name one.
    region: env.AWS_REGION || env.AWS_DEFAULT_REGION || (endpoint === null ? null : 'us-east-1'),
    credentials:
      accessKeyId && secretAccessKey
        ? { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) }
        : null,
  };
}

/** Reads the configuration; README documents the variables. */
export function readConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const root = findRoot();
  const dataFolder = resolve(env.FROSTLINE_DATA || join(root, '.frostline', 'data'));
  return {
    root,
    host: env.HOST || '127.0.0.1',
    port: integer(env, 'PORT', { min: 0, max: 65535 }) ?? 4000,
    dataFolder,
    blobs: blobSettings(env, dataFolder),
    sharesBlobs: Boolean(env.FROSTLINE_BLOBS),
    cacheFolder: resolve(env.FROSTLINE_CACHE || join(root, '.frostline', 'cache')),
    featureCacheBytes: (number(env, 'FROSTLINE_CACHE_GB') ?? 10) * 1e9,
    webFolder: join(root, 'web'),
    modelsFolder: resolve(env.FROSTLINE_MODELS || join(dataFolder, 'models')),
    databaseUrl: env.DATABASE_URL || null,
    serverUrl: env.FROSTLINE_URL || null,
    token: env.FROSTLINE_TOKEN || null,
    origins: origins(env, 'FROSTLINE_ORIGINS'),
    device: env.FROSTLINE_DEVICE || 'auto',
    threads: integer(env, 'FROSTLINE_THREADS', { min: 1, max: 1024 }),
    concurrency: integer(env, 'FROSTLINE_CONCURRENCY', { min: 1, max: 64 }) ?? 1,
    maxAttempts: integer(env, 'FROSTLINE_ATTEMPTS', { min: 1, max: 25 }) ?? 3,
    huggingFaceCache: resolve(
      env.HF_HUB_CACHE ||
        join(env.HF_HOME || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface'), 'hub'),
    ),
    hubUrl: env.HF_ENDPOINT || 'https://huggingface.co',
    hubToken: env.HF_TOKEN || null,
    offline: env.FROSTLINE_OFFLINE === '1' || env.HF_HUB_OFFLINE === '1',
    sampleModel: env.FROSTLINE_SAMPLE_MODEL || null,
    inference: {
      queueSentences: integer(env, 'FROSTLINE_QUEUE_SENTENCES', { min: 1, max: 1_000_000 }) ?? 8_192,
      modelBytes: (number(env, 'FROSTLINE_MODELS_GB') ?? 2) * 1e9,
      batchTokens: integer(env, 'FROSTLINE_BATCH_TOKENS', { min: 1, max: 65_536 }) ?? 1_024,
      defaultModel: env.FROSTLINE_EMBED_MODEL || 'sentence-transformers/all-MiniLM-L6-v2',
    },
    vectorBytes: (number(env, 'FROSTLINE_VECTORS_GB') ?? 4) * 1e9,
    logFormat: oneOf(env, 'FROSTLINE_LOG', ['json', 'text'] as const),
    statementSeconds: integer(env, 'FROSTLINE_STATEMENT_SECONDS', { min: 1, max: 86_400 }) ?? 30,
    bodyLimit: integer(env, 'FROSTLINE_BODY_LIMIT', { min: 1024, max: 2 ** 31 - 1 }) ?? 16 * 1024 * 1024,
    drainSeconds: number(env, 'FROSTLINE_DRAIN_SECONDS') ?? 0,
    traceEndpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT || null,
    uploadLimits: {
      bytes: integer(env, 'FROSTLINE_UPLOAD_LIMIT', { min: 1024, max: 2 ** 50 }) ?? 4 * 2 ** 30,
      rows: integer(env, 'FROSTLINE_UPLOAD_ROWS', { min: 1, max: 100_000_000 }) ?? 10_000_000,
    },
    environment: env,
  };
}

/** The environment by which a process of the server's own reads the same configuration. */
export function environmentOf(config: Config): NodeJS.ProcessEnv {
  return {
    ...config.environment,
    FROSTLINE_DATA: config.dataFolder,
    FROSTLINE_CACHE: config.cacheFolder,
    FROSTLINE_MODELS: config.modelsFolder,
  };
}

/** Whether errors of the command line come with a stack trace. */
export function debugging(env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(env.FROSTLINE_DEBUG);
}

/** Nothing that this process loads may report home; Next.js and Prisma look here. */
export function silenceTelemetry(env: NodeJS.ProcessEnv = process.env): void {
  env.NEXT_TELEMETRY_DISABLED = '1';
  env.CHECKPOINT_DISABLE = '1';
}

/**
 * Libraries check less in production: GraphQL's alone take twice as long otherwise. Before any of them is loaded, as they look once.
 */
export function preferProduction(env: NodeJS.ProcessEnv = process.env): void {
  env.NODE_ENV ||= 'production';
}

/** Version of this product, as package.json says it. */
export function productVersion(config: Config): string {
  return (JSON.parse(readFileSync(join(config.root, 'package.json'), 'utf8')) as { version: string }).version;
}
