/** The most objects that one call of R2 lists or deletes. */
const PAGE = 1_000;

/** Removes the objects whose names begin with `prefix`. `false` when some are left after `pages` pages. */
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
