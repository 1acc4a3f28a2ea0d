import { bodyLimit } from "hono/body-limit";
import { ProblemError } from "./problems.ts";

const KIB = 1024;

/** Refuses larger bodies before they are read into memory as JSON. */
export const maxBody = (kib: number) =>
  bodyLimit({
    maxSize: kib * KIB,
    onError: () => {
      throw new ProblemError("BODY_TOO_LARGE", `The body must have at most ${kib} KiB.`);
    },
  });
