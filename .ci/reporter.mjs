import { writeFileSync } from 'node:fs';

import Mocha from 'mocha';

/** Mocha's spec reporter that also leaves the counts, as `passed failed`, in the file named by the option `counts`. */
export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = options?.reporterOption?.counts ?? options?.reporterOptions?.counts;
    runner.once('end', () => {
      if (file) writeFileSync(file, `${this.stats.passes} ${this.stats.failures}\n`);
    });
  }
}
