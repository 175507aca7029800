/** `last`: at a run's newest evaluation; `best`: at the one that its definition calls the best. */
export type Moment = 'last' | 'best';
