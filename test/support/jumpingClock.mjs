// The system's clock, but that it jumps: an hour back after two seconds, and a day ahead after four.
const now = Date.now;
const began = now();
const jump = () => {
  const passed = now() - began;
  return passed < 2_000 ? 0 : passed < 4_000 ? -3_600_000 : 86_400_000;
};
Date.now = () => now() + jump();
