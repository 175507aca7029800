/** The engine's public face; nothing outside experiments/ imports past this file, but for speed of start. */
export { badInput, errorCodes, FrostlineError, type ErrorCode } from './errors.js';
export * from './schema/definition.js';
export { canonicalJson, definitionDigest } from './schema/digest.js';
export { expandSweep } from './schema/sweep.js';
export { applySettings } from './schema/settings.js';
export * from './data/dataset.js';
export { bindTasks, type BoundTask } from './data/labels.js';
export { RandomStream } from './data/random.js';
export { SentenceTokenizer, type TokenizedRows } from './data/tokenizer.js';
export { planFreeze, planFreezeStages, type FreezePlan, type FreezeSummary } from './freeze/plan.js';
export { parseConfig, readConfig, type BackboneConfig } from './models/config.js';
export { backboneLayout, headLayout, modelLayout, type ParameterInfo } from './models/layout.js';
export { readSafetensors, writeSafetensors, type HostTensor } from './models/safetensors.js';
export {
  resolveModel,
  type FetchProgress,
  type ResolvedModel,
  type ResolveOptions,
} from './models/resolver.js';
export { readInitialWeights } from './models/weights/initial.js';
export { checkExportFolder, exportModel, type ExportableModel } from './models/export.js';
export { readExport } from './models/readExport.js';
export type * from './training/events.js';
export { train, type TrainRequest } from './training/train.js';
export type { TrainedModel } from './training/trainedModel.js';
export type { ForkPoint, ParentRun } from './training/checkpoints/fork.js';
export {
  inputProvenance,
  machineProvenance,
  type LaunchProvenance,
  type Provenance,
} from './training/provenance.js';
export { makeRunRecord, type RunRecord } from './training/runRecord.js';
export { verify, type InputChange, type Verification } from './training/verify.js';
export { listEntries, pruneEntries, type CacheEntry } from './training/features/cacheEntries.js';
export { openEncoder, type Encoder, type EncoderOptions, type Prediction } from './inference/encoder.js';
export { devices, type Device } from './runtime/device.js';
export { reportDevices, type DeviceReport } from './runtime/deviceReport.js';
export { advise, type Advice, type AdviceRequest, type BoundaryAdvice } from './advice/advise.js';
