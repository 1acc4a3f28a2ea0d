import { z } from "@hono/zod-openapi";
import { BrokenForm, type PartName, type PartReader, readForm } from "../../documents/form.ts";
import type { IncomingDocument } from "../../documents/incoming-document.ts";
import type { NamedDocument, Upload } from "../../documents/upload.ts";
import { LIMITS } from "../../domain/limits.ts";
import { parseJsonPart } from "../../http/input/json-part.ts";
import { invalid } from "../../http/problems/errors.ts";
import { type ProblemDetail, ProblemError } from "../../http/problems/problem-error.ts";
import { jobNumber, metadata } from "../jobs/fields.ts";
import { refuseRepeatedNumbers } from "../jobs/repeated-numbers.ts";
import { documentNameIn, nameFault, quoted } from "./document-name.ts";
import { documentFault } from "./document-fault.ts";

/** The content of the part `jobs`: details of the files, in their order. */
export const JobDetails = z
  .array(z.strictObject({ jobNumber: jobNumber.optional(), metadata: metadata.optional() }))
  .superRefine((jobs, context) => refuseRepeatedNumbers(jobs, context, []));

export interface UploadForm {
  readonly documents: readonly NamedDocument[];
  /** At most one for each document. */
  readonly jobs: z.output<typeof JobDetails>;
}

/** Takes the files of a form into the upload. All that is wrong with it is refused in one answer. */
export async function receiveForm(
  upload: Upload,
  contentType: string,
  pieces: AsyncIterable<Uint8Array>,
): Promise<UploadForm> {
  const form = new FormReader(upload);
  try {
    await readForm(contentType, pieces, (part) => form.open(part));
  } catch (error) {
    if (!(error instanceof BrokenForm)) throw error;
    throw new ProblemError("MALFORMED_FORM", `The body is no whole form: ${error.message}.`);
  }
  return form.finish();
}

const IGNORED: PartReader = { write: () => undefined, end: () => undefined };
const JOBS_BYTES = LIMITS.addJobsBodyKib * 1024;

class FormReader {
  readonly #upload: Upload;
  /** In the order of the files. `undefined` for one that is refused. */
  readonly #documents: (NamedDocument | undefined)[] = [];
  readonly #faults: ProblemDetail[] = [];
  #files = 0;
  #jobs: Uint8Array[] | undefined;

  constructor(upload: Upload) {
    this.#upload = upload;
  }

  open({ field, fileName }: PartName): PartReader {
    if (field === "file") return this.#openFile(fileName);
    if (field === "jobs" && this.#jobs === undefined) return this.#openJobs();
    const detail =
      field === "jobs" ? "is given more than once." : "is not known here; allowed: file, jobs.";
    this.#refuse(`/${field}`, detail);
    return IGNORED;
  }

  async finish(): Promise<UploadForm> {
    if (this.#files === 0)
      this.#refuse("/file", `is required: 1 to ${LIMITS.documentsPerUpload} files.`);
    if (this.#files > LIMITS.documentsPerUpload) {
      this.#refuse(
        "/file",
        `must be at most ${LIMITS.documentsPerUpload} files; there are ${this.#files}.`,
      );
    }
    const jobs = await this.#readJobs();
    if (jobs.length > this.#files) {
      this.#refuse(
        "/jobs",
        `must have no more entries than there are files: ${jobs.length} for ${this.#files}.`,
      );
    }
    if (this.#faults.length > 0) throw invalid(this.#faults);
    return { documents: this.#documents.filter((document) => document !== undefined), jobs };
  }

  #openFile(fileName: string | undefined): PartReader {
    const index = this.#files++;
    const pointer = `/file/${index}`;
    if (this.#files > LIMITS.documentsPerUpload) return IGNORED;
    const fault = nameFault(fileName);
    if (fault !== null) this.#refuse(pointer, fault);
    const reader = this.#upload.next();
    const name = documentNameIn(fileName ?? "");
    return {
      write: (bytes) => reader.write(bytes),
      end: async () => {
        this.#documents[index] = this.#take(pointer, name, await reader.end());
      },
    };
  }

  #take(pointer: string, name: string, document: IncomingDocument): NamedDocument | undefined {
    const { type } = document;
    const fault = documentFault(document);
    if (fault !== null) this.#refuse(pointer, `${fault} Its name is ${quoted(name)}.`);
    return type && { ...document, name, type };
  }

  #openJobs(): PartReader {
    const pieces: Uint8Array[] = [];
    this.#jobs = pieces;
    let left = JOBS_BYTES;
    return {
      write: (bytes) => {
        if (left >= 0 && left < bytes.length) {
          this.#refuse("/jobs", `must have at most ${LIMITS.addJobsBodyKib} KiB.`);
        }
        left -= bytes.length;
        if (left >= 0) pieces.push(Uint8Array.from(bytes));
        else pieces.length = 0;
      },
      end: () => undefined,
    };
  }

  async #readJobs(): Promise<UploadForm["jobs"]> {
    if (this.#jobs === undefined || this.#jobs.length === 0) return [];
    const bytes = new Uint8Array(await new Blob(this.#jobs).arrayBuffer());
    const parsed = await parseJsonPart(JobDetails, bytes, "/jobs");
    if ("value" in parsed) return parsed.value;
    this.#faults.push(...parsed.errors);
    return [];
  }

  #refuse(pointer: string, detail: string): void {
    if (this.#faults.length < LIMITS.errorsNamed) this.#faults.push({ pointer, detail });
  }
}
