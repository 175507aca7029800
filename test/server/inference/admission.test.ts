import assert from 'node:assert/strict';
import { FrostlineError } from '../../../experiments/errors.js';
import { Admission } from '../../../server/inference/admission.js';

describe('letting requests in', () => {
  const sentences = (count: number, text = 'a') => Array.from({ length: count }, () => text);
  const refused = (admission: Admission, input: string[]): FrostlineError => {
    try {
      admission.enter(input);
    } catch (error) {
      assert.ok(error instanceof FrostlineError);
      return error;
    }
    return assert.fail('it was let in');
  };

  it('refuses what does not fit and says when to come back', () => {
    const admission = new Admission({ queueSentences: 10 });
    const leave = admission.enter(sentences(8));
    const error = refused(admission, sentences(3));
    assert.deepEqual([error.code, error.retryAfterSeconds], ['OVERLOADED', 1]);
    const leaveToo = admission.enter(sentences(2));
    leave();
    leaveToo();
    admission.enter(sentences(10));
  });

  it('takes a request that is larger than the limit when nothing else waits', () => {
    const admission = new Admission({ queueSentences: 10 });
    const leave = admission.enter(sentences(50));
    refused(admission, sentences(1));
    leave();
    admission.enter(sentences(1));
  });

  it('counts characters as well, which are what takes memory', () => {
    const admission = new Admission({ queueSentences: 10 });
    admission.enter(sentences(3, 'x'.repeat(10_000)));
    refused(admission, sentences(2, 'x'.repeat(10_000)));
    admission.enter(sentences(1, 'x'.repeat(10_000)));
  });
});
