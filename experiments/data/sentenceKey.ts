import { createHash } from 'node:crypto';

/** What two sentences that a model could hardly tell apart have in common: compatibility forms, case and spaces are levelled. */
export function normaliseSentence(sentence: string): string {
  return sentence.normalize('NFKC').toLowerCase().trim().replace(/\s+/g, ' ');
}

/** 64 bits of a normalised sentence's digest, as a signed number: equal for duplicates, and in practice for nothing else. */
export function sentenceKey(sentence: string): bigint {
  return createHash('sha256').update(normaliseSentence(sentence)).digest().readBigInt64BE(0);
}
