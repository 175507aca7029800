/** What a finished run's model can be had as: a zip archive that Hugging Face's libraries open, with other formats beside. */
export const exportChoices = [
  { formats: '', text: 'Hugging Face' },
  { formats: 'onnx', text: 'Hugging Face and ONNX' },
  { formats: 'tfjs', text: 'Hugging Face and TensorFlow.js' },
  { formats: 'onnx,tfjs', text: 'All formats' },
] as const;

/** Where this server gives a run's model. */
export function exportPath(runId: string, formats: string): string {
  return `/runs/${runId}/export?formats=${encodeURIComponent(formats)}`;
}
