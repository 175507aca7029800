import assert from 'node:assert/strict';

import { applySettings } from '../../../experiments/schema/settings.js';

describe('applySettings', () => {
  it('replaces one value, read as JSON', () => {
    const json = { training: { epochs: 4, seed: 1 }, tasks: [{ name: 'topic' }] };
    assert.deepEqual(
      applySettings(json, ['training.epochs=2', 'freeze={"blocks":1}', 'tasks.0.weight=0.5']),
      {
        training: { epochs: 2, seed: 1 },
        tasks: [{ name: 'topic', weight: 0.5 }],
        freeze: { blocks: 1 },
      },
    );
    assert.equal(json.training.epochs, 4, 'what was given is left alone');
  });

  it('takes what is not JSON for a text, and keeps further equals signs', () => {
    assert.deepEqual(applySettings({}, ['model=a/b=c']), { model: 'a/b=c' });
  });

  it('reads the paths of a sweep as its keys', () => {
    assert.deepEqual(applySettings({}, ['sweep.training.seed=[1,2]']), {
      sweep: { 'training.seed': [1, 2] },
    });
  });

  it('reads what a sweep consists of as fields, and the paths of its settings as keys', () => {
    assert.deepEqual(
      applySettings({ sweep: { method: 'random', trials: 3, settings: { 'training.seed': [1] } } }, [
        'sweep.trials=5',
        'sweep.settings.training.dropout=[0,0.1]',
        'sweep.pruning.metric=epoch/loss',
      ]),
      {
        sweep: {
          method: 'random',
          trials: 5,
          settings: { 'training.seed': [1], 'training.dropout': [0, 0.1] },
          pruning: { metric: 'epoch/loss' },
        },
      },
    );
  });

  it('refuses what is not path=value', () => {
    assert.throws(() => applySettings({}, ['training.epochs']), {
      code: 'BAD_USER_INPUT',
      message: /^--set: expected path=value/,
    });
  });
});
