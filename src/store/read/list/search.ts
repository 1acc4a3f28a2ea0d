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

/** The characters of an index entry. */
const TRIGRAM = 3;
/** The index is asked for so many characters of a text at most. */
const MAX_PHRASE = 26;

/** The part of a text that the index is asked for. `undefined`: the text is shorter than an entry of the index. */
export function phraseOf(text: string): { phrase: string; isWhole: boolean } | undefined {
  const characters = Array.from(fold(text));
  if (characters.length < TRIGRAM) return undefined;
  const phrase = characters.slice(0, MAX_PHRASE).join("");
  return { phrase, isWhole: characters.length <= MAX_PHRASE };
}

export function trigramsOf(phrase: string): string[] {
  const characters = Array.from(phrase);
  const starts = characters.slice(TRIGRAM - 1);
  return [...new Set(starts.map((_, at) => characters.slice(at, at + TRIGRAM).join("")))];
}

/** The end of a workspace's name, which the index has with each group. */
export const scopeOf = (workspace: string): string => `--${workspace}`.slice(-TRIGRAM);

/**
 * The beginning of a query of the index. The scope is left out while the database has the groups of one workspace alone,
 * because FTS5 would go through an entry of each.
 */
export const scopedTo = (workspace: string): SQL =>
  sql`CASE WHEN EXISTS (SELECT 1 FROM search_scope WHERE workspace <> ${workspace})
    THEN ${`scope : ${quoted(scopeOf(workspace))} AND `} ELSE '' END`;

export const queryFor = (workspace: string, phrase: string): SQL =>
  sql`${scopedTo(workspace)} || ${queryOf(phrase)}`;

/** Only a phrase of one entry can match a scope. Others are found sooner when all columns are asked. */
export const queryOf = (phrase: string): string =>
  trigramsOf(phrase).length > 1 ? quoted(phrase) : `body : ${quoted(phrase)}`;

/** Within quotes, FTS5 reads only the quote itself as syntax. */
const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;
