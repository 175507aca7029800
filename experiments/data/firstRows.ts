/** Remembers by 64-bit keys the row each key was met in first; 16 bytes a key, so that millions fit. */
export class FirstRows {
  private keys = new BigInt64Array(1 << 12);
  private rows = new Int32Array(1 << 12).fill(-1);
  private count = 0;

  /** The row that the key was first met in: this one when it is new. */
  of(key: bigint, row: number): number {
    if (this.count * 2 >= this.rows.length) this.grow();
    const place = this.placeOf(key);
    const first = this.rows[place]!;
    if (first !== -1) return first;
    this.keys[place] = key;
    this.rows[place] = row;
    this.count++;
    return row;
  }

  private placeOf(key: bigint): number {
    const mask = this.rows.length - 1;
    let place = Number(BigInt.asUintN(32, key)) & mask;
    while (this.rows[place] !== -1 && this.keys[place] !== key) place = (place + 1) & mask;
    return place;
  }

  private grow(): void {
    const { keys, rows } = this;
    this.keys = new BigInt64Array(keys.length * 2);
    this.rows = new Int32Array(rows.length * 2).fill(-1);
    for (const [index, row] of rows.entries()) {
      if (row === -1) continue;
      const place = this.placeOf(keys[index]!);
      this.keys[place] = keys[index]!;
      this.rows[place] = row;
    }
  }
}
