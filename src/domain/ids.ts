export const ID_LENGTH = 24;
export const LEASE_ID_LENGTH = 32;

/** Ids are 24 lower-case hex characters. */
export const isId = (id: string): boolean => /^[0-9a-f]{24}$/.test(id);

/** Lease ids are 32 lower-case hex characters. */
export const isLeaseId = (id: string): boolean => /^[0-9a-f]{32}$/.test(id);

/** Hex digest of a text, at least as long as an id. */
type Hash = (text: string) => Promise<string>;

/** The id of a group created under an Idempotency-Key. A repeat computes it again and finds the stored group and its answer. */
export const groupIdUnder = async (
  workspace: string,
  keyHash: string,
  hash: Hash,
): Promise<string> => (await hash(`${workspace}\n${keyHash}`)).slice(0, ID_LENGTH);

/**
 * The id of the lease granted with the report of another. A repeated report computes the same id and finds
 * the lease. Only the holder of the reported lease can compute it.
 */
export const leaseIdAfter = async (leaseId: string, hash: Hash): Promise<string> =>
  (await hash(`next\n${leaseId}`)).slice(0, LEASE_ID_LENGTH);
