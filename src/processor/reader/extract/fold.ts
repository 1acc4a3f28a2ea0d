/** Lower case, without accents and without anything but letters, digits and the number sign. */
export function fold(text: string): string {
  return text
    .toLowerCase()
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replaceAll(/[^a-z0-9#]/g, "");
}

/** Equal but for what an OCR engine gets wrong: one letter in eight. Short words must be equal. */
export function closeTo(read: string, meant: string): boolean {
  if (read === meant) return true;
  const allowed = Math.floor(meant.length / 8) + (meant.length >= 6 ? 1 : 0);
  if (allowed === 0 || Math.abs(read.length - meant.length) > allowed) return false;
  return editDistance(read, meant) <= allowed;
}

/** The fewest letters to insert, delete or replace to make one text of the other. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const deleted = (previous[column] ?? 0) + 1;
      const inserted = (current[column - 1] ?? 0) + 1;
      current.push(Math.min(replaced, deleted, inserted));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
