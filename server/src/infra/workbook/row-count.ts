/** Rare in a sheet but for the tags of rows, so that it is found at the speed of memory. */
const END = Buffer.from('w>');
const [SLASH, COLON, R, O] = Buffer.from('/:ro') as unknown as [number, number, number, number];
/** One byte less than `/row>`: what is found across two pieces was in neither of them. */
const CARRY = 4;

/**
 * Counts the rows of a sheet by the tags that close them, `</row>` or `</x:row>`, while it passes in pieces: without parsing, in a
 * small part of the time that unpacking takes. Rows that hold nothing but formats are counted too, so it is an estimate.
 */
export class RowCount {
  rows = 0;
  #carry = Buffer.alloc(0);

  feed(chunk: Buffer): void {
    const seam = Buffer.concat([this.#carry, chunk.subarray(0, CARRY)]);
    this.#count(seam);
    this.#count(chunk);
    this.#carry = Buffer.from((chunk.length < CARRY ? seam : chunk).subarray(-CARRY));
  }

  #count(bytes: Buffer): void {
    for (let at = bytes.indexOf(END, 3); at !== -1; at = bytes.indexOf(END, at + END.length)) {
      const mark = bytes[at - 3];
      if (bytes[at - 1] === O && bytes[at - 2] === R && (mark === SLASH || mark === COLON)) this.rows += 1;
    }
  }
}
