/** Prints the figures; any of `mustBeZero` that is not makes the process end with 1. */
export function conclude(figures: Record<string, number>, mustBeZero: Record<string, number>) {
  console.table({ ...figures, ...mustBeZero });
  const violated = Object.entries(mustBeZero).filter(([, count]) => count !== 0);
  console.log(
    violated.length === 0 ? "PASS" : `FAIL: ${violated.map(([name]) => name).join(", ")}`,
  );
  process.exitCode = violated.length === 0 ? 0 : 1;
}
