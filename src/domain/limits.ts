/** The jobs a group may have in `processing`: no claim leases more, and no coordinator loads more. */
const parallelJobs = { min: 1, max: 10 } as const;

/**
 * Every limit of a request, once: the schemas, the rules and the reference read them here. Lengths count
 * code points, sizes of bodies KiB.
 */
export const LIMITS = {
  parallelJobs,
  retryCount: { min: 0, max: 5 },
  timeoutMinutes: { min: 5, max: 120 },

  jobsPerGroup: 100_000,
  jobsPerAdd: 1_000,
  jobsPerClaim: parallelJobs,
  recipients: 20,
  tags: 50,
  webhooksPerWorkspace: 10,

  pagesPerJob: { min: 0, max: 100_000 },
  /** Keeps the sum of 100,000 costs within what a double shows exactly to the sixth decimal. */
  cost: { min: 0, max: 40_000 },

  /** Names, numbers and other short texts. */
  label: 200,
  description: 5_000,
  documentName: 500,
  tag: 100,
  jobError: 2_000,
  /** An address in SMTP has no more (RFC 5321). */
  emailAddress: 254,
  url: 2_048,
  idempotencyKey: 255,
  search: 500,
  metadataCharacters: 16_384,
  extractedDataCharacters: 262_144,
  /** Levels of a free-form object. */
  objectDepth: 20,

  bodyKib: 64,
  completeJobBodyKib: 256,
  addJobsBodyKib: 1_024,
  /** Levels of JSON in a body. */
  jsonDepth: 32,

  rowsPerPage: { min: 1, max: 100 },
  groupOffset: 1_000_000_000,
  offset: 1_000_000,
  // A comparison with `metadata` binds its path too: 40 + 50, the workspace, the search and the page
  // stay below the 100 parameters that D1 takes in a statement.
  filter: { characters: 8_192, depth: 8, comparisons: 40, values: 50, string: 500 },

  /** Faults named in an answer, which stays small however much is wrong. */
  errorsNamed: 1_000,
} as const;

export interface Range {
  readonly min: number;
  readonly max: number;
}
