/** Jobs of a group in `processing` at once. A claim leases no more, and a coordinator reads no more for it. */
const parallelJobs = { min: 1, max: 10 } as const;

/**
 * Every limit of a request. Schemas, rules and the reference read this table. Lengths are in code points,
 * sizes of bodies in KiB.
 */
export const LIMITS = {
  parallelJobs,
  retryCount: { min: 0, max: 5 },
  timeoutMinutes: { min: 5, max: 120 },
  retentionDays: { min: 1, max: 3_650 },
  heartbeatSeconds: { min: 15, max: 600 },

  jobsPerGroup: 100_000,
  jobsPerAdd: 1_000,
  jobsPerClaim: parallelJobs,
  /** Templates, and tags, that a claim chooses groups by. */
  claimFilter: 20,
  leasesPerHeartbeat: 100,
  waitSeconds: { min: 0, max: 25 },
  recipients: 20,
  /** Codes that one answer lists. */
  errorCodesListed: 1_000,
  /** Jobs and codes that one retry names. */
  jobsChosen: 1_000,
  errorCodesChosen: 20,
  /** JSON pointers of an export, and the characters of their list. */
  resultFields: 50,
  resultFieldsCharacters: 4_096,
  /** Exports of a workspace that one isolate runs. */
  exportsAtOnce: 8,
  /** Jobs with the same number that a search goes through. */
  jobsWithNumber: 10_000,
  tags: 50,

  retryAfterSeconds: { min: 0, max: 86_400 },
  /** Releases of a job that cost no attempt, and the one that does. */
  deferralsPerAttempt: 100,

  pagesPerJob: { min: 0, max: 100_000 },
  /** The sum of 100,000 such costs is still exact to six decimals in a double. */
  cost: { min: 0, max: 40_000 },

  /** 1 never pauses: a share of failures is never above it. */
  maxFailureRate: { above: 0, max: 1 },
  maxCost: { above: 0, max: 4_000_000_000 },

  /** Names, numbers and other short texts. */
  label: 200,
  description: 5_000,
  documentName: 500,
  tag: 100,
  jobError: 2_000,
  errorCode: 64,
  pauseReason: 500,
  /** The longest address that SMTP takes (RFC 5321). */
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
  documentsPerUpload: 100,
  uploadMib: 95,
  /** Levels of JSON in a body. */
  jsonDepth: 32,

  /**
   * Calls of a workspace that an isolate has in hand while its thread is late and others call too, those that may wait then,
   * and large bodies in memory.
   */
  callsAtOnce: 2,
  callsWaiting: 500,
  largeBodiesAtOnce: 16,
  /** Larger bodies wait for their turn before they are parsed. One of jobs to add has many in few bytes. */
  largeBodyKib: 64,
  largeAddKib: 2,
  rowsPerPage: { min: 1, max: 100 },
  groupOffset: 1_000_000_000,
  /**
   * The work of one statement of a list of groups: rows looked at, bytes of their texts gone through, entries of an index
   * passed over, as by `offset`, and groups counted, fewer of those of a template or a tag. So none takes 100 ms.
   */
  list: {
    examined: 10_000,
    bytes: 16_000_000,
    passed: 100_000,
    /** Pages of the search index that a search may lead through, and from how many on it may be for rare trigrams instead. */
    searched: 2_000,
    weighedFrom: 600,
    /** The fewest hits of a search that are looked for in an index of their order, and the entries that this may pass over. */
    walkedFrom: 300,
    walked: 20_000,
    counted: 10_000,
    countedOfCommon: 1_000,
  },
  offset: 1_000_000,
  // D1 binds at most 100 parameters in a statement. A comparison with `metadata` binds its path as well as
  // its values: 40 paths, 50 values, the workspace, the search and the page fit.
  filter: { characters: 8_192, depth: 8, comparisons: 40, ofMetadata: 8, values: 50, string: 500 },

  /** Faults named in one answer. It keeps the answer small when a large body is wrong everywhere. */
  errorsNamed: 1_000,
} as const;

export interface Range {
  readonly min: number;
  readonly max: number;
}
