import type { Mutant } from "./mutant.ts";

/** Rules of stored documents. */
export const documentMutants: readonly Mutant[] = [
  {
    name: "a signed URL is good for ever",
    file: "src/documents/signature.ts",
    find: "return isOurs && now < signed.expires * 1000;",
    replace: "return isOurs;",
    killedBy: {
      file: "test/workers/document.test.ts",
      test: "opens the document without a key, at the origin of the claim, as long as the attempt may last",
    },
  },
  {
    name: "a signature is good for every document",
    file: "src/documents/signature.ts",
    find: '["document", groupId, jobId, key, expires].join("\\n")',
    replace: '["document", groupId === jobId, key === "", expires].join("\\n")',
    killedBy: {
      file: "test/workers/document.test.ts",
      test: "opens nothing else, and nothing once it is altered",
    },
  },
  {
    name: "the sweep takes uploads that are under way",
    file: "src/documents/sweep.ts",
    find: "upload !== undefined && upload.startedAt < before",
    replace: "upload !== undefined",
    killedBy: {
      file: "test/workers/removal.test.ts",
      test: "what a dead upload has left is removed after an hour, and not what has a job",
    },
  },
  {
    name: "a commit without an answer takes the documents away",
    file: "src/api/documents/run-upload.ts",
    find: "if (!isAsked || isRefused)",
    replace: "if (!isRefused || isRefused)",
    killedBy: {
      file: "test/workers/removal.test.ts",
      test: "a commit without an answer leaves the documents to the sweep",
    },
  },
  {
    name: "the documents of a repeat stay",
    file: "src/documents/upload.ts",
    find: "kept(key) ? [] : this.#nameOf(key)",
    replace: "kept(key) || !kept(key) ? [] : this.#nameOf(key)",
    killedBy: {
      file: "test/workers/upload.test.ts",
      test: "a repeat under the same key adds nothing and stores nothing, whatever its boundary",
    },
  },
  {
    name: "details of files are overwritten by the files",
    file: "src/api/documents/receive-form.ts",
    find: "pieces.push(Uint8Array.from(bytes))",
    replace: "pieces.push(bytes)",
    killedBy: {
      file: "test/workers/upload.test.ts",
      test: "the part jobs comes at any place, also before files of many pieces",
    },
  },
];
