import { type Encoder, openEncoder } from '../../experiments/inference/encoder.js';
import { type Device } from '../../experiments/runtime/device.js';
import { type Precision, precisionSha256 } from '../../experiments/runtime/precision.js';
import { type BlobStore } from '../blobs/blobStore.js';
import { type Config } from '../config.js';
import { assembleTrainedModel } from '../embeddings/loadTrainedModel.js';
import { type ModelStore } from '../models/modelStore.js';
import { type ModelSource } from './modelSource.js';
import { type LoadedProvenance } from './protocol.js';

/** A model that is ready to answer. */
export interface LoadedModel {
  encoder: Encoder;
  provenance: LoadedProvenance;
}

/** Loads a model and lets it compute once, so that its first request is no slower than the others. */
export async function loadModel(
  dependencies: { config: Config; models: ModelStore; blobs: BlobStore },
  source: ModelSource,
  precision: Precision,
): Promise<LoadedModel> {
  const { config, models } = dependencies;
  const options = { device: config.device as Device, threads: config.threads ?? undefined, precision };
  const trained = source.kind === 'run' ? await assembleTrainedModel(dependencies, source) : null;
  const model = trained?.model ?? (await models.resolve((source as { model: string }).model));
  const maxLength = trained?.maxLength ?? model.maxSequenceLength;
  const encoder = await openEncoder(trained ?? model, { ...options, maxLength });
  const warmUp = encoder.tokenizer.encode(['Is it warm?'], encoder.maxLength);
  const pooled = await encoder.pool(warmUp, [0]);
  if (encoder.tasks.length > 0) await encoder.classify(pooled);
  return {
    encoder,
    provenance: {
      model: model.id,
      run: source.kind === 'run' ? source.run : null,
      checkpointSha256: source.kind === 'run' ? source.checkpointSha256 : null,
      weightsSha256: trained?.weightsSha256 ?? model.weightsSha256,
      backboneSha256: model.weightsSha256,
      tokenizerSha256: model.tokenizerSha256,
      pooling: model.config.pooling,
      lowercase: model.lowercase,
      precision,
      precisionSha256: precisionSha256(precision),
      device: encoder.device,
    },
  };
}
