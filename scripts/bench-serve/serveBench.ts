/** Who is measured. */
export type Contender = 'frostline float32' | 'frostline int8' | 'peer float32' | 'peer int8';

/** What the parts of the benchmark work with. */
export interface ServeBench {
  /** Folder of the backbone, which both sides read. */
  model: string;
  /** What the server knows it by. */
  modelId: string;
  sentences: readonly string[];
  threads: number;
  runs: number;
  /** A hundredth of the work or so: to see that everything works. */
  quick: boolean;
  /** A Python with sentence-transformers, FastAPI and uvicorn. */
  python: string | null;
  /** One whose sentence-transformers has its ONNX backend. */
  pythonInt8: string | null;
  tell(line: string): void;
}
