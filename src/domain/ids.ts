export const ID_LENGTH = 24;
export const LEASE_ID_LENGTH = 32;

/** Ids are 24 lower-case hex characters. */
export const isId = (id: string): boolean => /^[0-9a-f]{24}$/.test(id);

/** Hex digest of a text, at least as long as an id. */
type Hash = (text: string) => Promise<string>;

/** A group created under an Idempotency-Key takes its id from the key: a repeat reaches the same coordinator. */
export const groupIdUnder = async (
  workspace: string,
  keyHash: string,
  hash: Hash,
): Promise<string> => (await hash(`${workspace}\n${keyHash}`)).slice(0, ID_LENGTH);

/**
 * A lease granted with a report takes its id from the reported lease: a repeated report finds it again.
 * Nobody but the holder of the reported lease knows that id.
 */
export const leaseIdAfter = async (leaseId: string, hash: Hash): Promise<string> =>
  (await hash(`next\n${leaseId}`)).slice(0, LEASE_ID_LENGTH);
