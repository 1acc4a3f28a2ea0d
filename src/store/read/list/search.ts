import { type SQL, sql } from "drizzle-orm";
import type { Group } from "../../../domain/group.ts";
import { jobGroup } from "../../schema.ts";

const SEPARATOR = "\u001F";

/**
 * What is stored and what is sought, made comparable. Σ becomes ς or σ depending on its neighbours, so
 * both are written σ: a part of a text then folds to a part of the folded text. The separator gives way
 * to its neighbour U+001E, so that nothing sought can span two fields.
 */
const fold = (text: string): string =>
  text.toLowerCase().replaceAll("ς", "σ").replaceAll(SEPARATOR, "\u001E");

/** The `search_text` column. */
export function searchTextOf(
  group: Pick<Group, "name" | "description" | "batchNumber" | "tags">,
): string {
  const texts = [group.name, group.description ?? "", group.batchNumber ?? "", ...group.tags];
  return texts.map(fold).join(SEPARATOR);
}

/** Case-insensitive substring of the name, the description, the batch number or a tag. */
export const searchCondition = (text: string): SQL =>
  sql`instr(${jobGroup.searchText}, ${fold(text)}) > 0`;

/**
 * Finds in the trigram index, each text as one phrase, what may hold the text sought; `undefined` when
 * it is shorter than the three characters that the index is made of.
 */
export function searchMatch(workspace: string, text: string): string | undefined {
  const folded = fold(text);
  if (Array.from(folded).length < 3) return undefined;
  return `scope : ${phrase(`--${workspace}`.slice(-3))} AND body : ${phrase(folded)}`;
}

/** Between quotes nothing is syntax to FTS5 but the quote itself. */
const phrase = (text: string): string => `"${text.replaceAll('"', '""')}"`;
