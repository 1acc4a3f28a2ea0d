/** Objects that one call of R2 lists and deletes. */
const PAGE = 1_000;

/** Removes the objects whose names begin so. `false` when some are left after so many pages. */
export async function removeAll(
  bucket: R2Bucket,
  prefix: string,
  pages = Infinity,
): Promise<boolean> {
  for (let page = 0; page < pages; page++) {
    const { objects, truncated } = await bucket.list({ prefix, limit: PAGE });
    if (objects.length > 0) await bucket.delete(objects.map(({ key }) => key));
    if (!truncated) return true;
  }
  return false;
}
