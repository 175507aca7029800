import type { BackboneConfig } from './config.js';

/** Names (without `.weight` and `.bias`) of the tensors of one transformer block, by the part they play. */
export interface BlockTensors {
  query: string;
  key: string;
  value: string;
  attentionOutput: string;
  attentionNorm: string;
  feedForwardIn: string;
  feedForwardOut: string;
  outputNorm: string;
}

/** Where each family keeps the tensors of block `block`; see `backboneLayout` for their shapes. */
export function blockTensors({ family }: BackboneConfig, block: number): BlockTensors {
  switch (family) {
    case 'bert': {
      const prefix = `backbone.encoder.layer.${block}`;
      return {
        query: `${prefix}.attention.self.query`,
        key: `${prefix}.attention.self.key`,
        value: `${prefix}.attention.self.value`,
        attentionOutput: `${prefix}.attention.output.dense`,
        attentionNorm: `${prefix}.attention.output.LayerNorm`,
        feedForwardIn: `${prefix}.intermediate.dense`,
        feedForwardOut: `${prefix}.output.dense`,
        outputNorm: `${prefix}.output.LayerNorm`,
      };
    }
    case 'distilbert': {
      const prefix = `backbone.transformer.layer.${block}`;
      return {
        query: `${prefix}.attention.q_lin`,
        key: `${prefix}.attention.k_lin`,
        value: `${prefix}.attention.v_lin`,
        attentionOutput: `${prefix}.attention.out_lin`,
        attentionNorm: `${prefix}.sa_layer_norm`,
        feedForwardIn: `${prefix}.ffn.lin1`,
        feedForwardOut: `${prefix}.ffn.lin2`,
        outputNorm: `${prefix}.output_layer_norm`,
      };
    }
  }
}
