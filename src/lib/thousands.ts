/** `100000` as people read it: `100,000`. */
export const thousands = (count: number): string => count.toLocaleString("en-US");
