/** Money is summed as integers, in millionths: sums of decimal fractions would drift. */
const MICROS = 1_000_000;

export const toMicros = (amount: number): number => Math.round(amount * MICROS);

export const fromMicros = (micros: number): number => micros / MICROS;
