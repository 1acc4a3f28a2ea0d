import { type SQL, sql } from "drizzle-orm";
import type { Group } from "../../../domain/group.ts";
import { jobGroup } from "../../schema.ts";

const SEPARATOR = "\u001F";

/**
 * The form in which stored and searched texts are compared. Lower case turns Σ into ς or σ, depending on its
 * neighbours. Both become σ, so a part of a text folds to a part of the folded text. The separator becomes
 * U+001E, so no search can match across two fields.
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

/** Matches part of the name, the description, the batch number or a tag, in any case. */
export const searchCondition = (text: string): SQL =>
  sql`instr(${jobGroup.searchText}, ${fold(text)}) > 0`;

/**
 * The query of the trigram index that finds every group that may match. `undefined`: the text is shorter than
 * the three characters of an index entry.
 */
export function searchMatch(workspace: string, text: string): string | undefined {
  const folded = fold(text);
  if (Array.from(folded).length < 3) return undefined;
  return `scope : ${phrase(`--${workspace}`.slice(-3))} AND body : ${phrase(folded)}`;
}

/** Within quotes, FTS5 reads only the quote itself as syntax. */
const phrase = (text: string): string => `"${text.replaceAll('"', '""')}"`;
