import { LIMITS } from "../../domain/limits.ts";
import { isLonger, textFault } from "../../http/shapes/text.ts";

/** Browsers and curl escape these three characters of a file's name, and nothing else. */
const ESCAPES: Record<string, string> = { "%22": '"', "%0D": "\r", "%0A": "\n" };

/** The name of a file as a form gives it, without the folders before it. */
export const documentNameIn = (fileName: string): string =>
  fileName
    .replaceAll(/%(?:22|0D|0A)/gi, (escaped) => ESCAPES[escaped.toUpperCase()] ?? escaped)
    .split(/[/\\]/)
    .at(-1) ?? "";

/** The reason why a document cannot have this name; `null` when it can. */
export function nameFault(fileName: string | undefined): string | null {
  if (fileName === undefined) return "must be a file with a name.";
  const name = documentNameIn(fileName);
  if (name === "") return "must have a name.";
  if (isLonger(name, LIMITS.documentName)) {
    return `must have a name of at most ${LIMITS.documentName} characters.`;
  }
  const fault = textFault(name);
  return fault === null ? null : `must have another name: it ${fault}`;
}

const SHOWN = 80;

/** A name for an error message. */
export function quoted(fileName: string): string {
  const characters = Array.from(documentNameIn(fileName).toWellFormed());
  return characters.length > SHOWN
    ? `"${characters.slice(0, SHOWN).join("")}…"`
    : `"${characters.join("")}"`;
}
