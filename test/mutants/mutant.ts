/** A rule broken on purpose, and the test that must notice. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  /** The test file, and a pattern that finds the test's title there as it is written. */
  readonly killedBy: { readonly file: string; readonly test: string };
}
