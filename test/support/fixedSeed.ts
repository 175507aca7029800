import fc from 'fast-check';

/** Property tests draw the same cases in every run: a failure is then there again for whoever looks. */
fc.configureGlobal({ seed: 20_261_125 });
