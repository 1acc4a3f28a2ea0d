/** Writes 100000 as `100,000`. */
export const thousands = (count: number): string => count.toLocaleString("en-US");
