/** A whole resident ID as `110101 19900307 401X`, so that it can be compared with the card; anything else as typed. */
export function groupResidentId(typed: string): string {
  const plain = typed.replace(/\s/g, '').toUpperCase();
  return /^\d{17}[\dX]$/.test(plain) ? `${plain.slice(0, 6)} ${plain.slice(6, 14)} ${plain.slice(14)}` : typed;
}
