/** A text in GBK: Node only decodes it, so each character is looked up among all that two bytes can be. */
export function gbk(text: string): Uint8Array<ArrayBuffer> {
  const decoder = new TextDecoder('gbk');
  const bytesOf = new Map<string, [number, number]>();
  for (let high = 0x81; high <= 0xfe; high += 1)
    for (let low = 0x40; low <= 0xfe; low += 1) {
      if (low === 0x7f) continue;
      const character = decoder.decode(Uint8Array.of(high, low));
      if (character.length === 1 && !bytesOf.has(character)) bytesOf.set(character, [high, low]);
    }
  const bytes = [...text].flatMap((character) => {
    if (character.charCodeAt(0) < 0x80) return [character.charCodeAt(0)];
    const found = bytesOf.get(character);
    if (!found) throw new Error(`${character} is not in GBK`);
    return found;
  });
  return Uint8Array.from(bytes);
}
