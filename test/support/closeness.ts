import assert from 'node:assert/strict';

/** Asserts that two lists of numbers differ by at most `tolerance` anywhere, and says where they differ most. */
export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
  what: string,
): void {
  assert.equal(actual.length, expected.length, `${what}: number of values`);
  let worst = -1;
  let distance = 0;
  for (let index = 0; index < expected.length; index++) {
    const here = Math.abs(actual[index] - expected[index]);
    if (!(here <= distance)) {
      distance = here;
      worst = index;
    }
  }
  assert.ok(
    distance <= tolerance,
    `${what}: value ${worst} is ${actual[worst]}, expected ${expected[worst]} within ${tolerance}`,
  );
}

/** Asserts that two numbers differ by at most `tolerance` of the expected one's size. */
export function assertRelativelyClose(
  actual: number,
  expected: number,
  tolerance: number,
  what: string,
): void {
  const allowed = tolerance * Math.abs(expected);
  assert.ok(
    Math.abs(actual - expected) <= allowed,
    `${what}: ${actual}, expected ${expected} within ${tolerance} of its size`,
  );
}
