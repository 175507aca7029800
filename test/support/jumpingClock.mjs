// The system's clock, but that it jumps whenever SIGUSR2 comes: an hour back, a day ahead of the truth, and then a day more each time.
const now = Date.now;
const HOUR = 3_600_000;
let ahead = 0;
process.on('SIGUSR2', () => (ahead = ahead === 0 ? -HOUR : Math.max(ahead, 0) + 24 * HOUR));
Date.now = () => now() + ahead;
