import { type SQL, sql } from "drizzle-orm";
import { inText, type ListBounds } from "./candidates.ts";
import { queryOf, trigramsOf } from "./search.ts";

/** So many rows are looked at in the time in which the index goes through a page of entries. */
const ROWS_A_PAGE = 3;
const MOST_ROWS = 3_000;

/**
 * The segments of the index, of which `job_group_search_idx` is the directory: it has the first trigram of each page in
 * each of them. A table of FTS5 can be read like any other: workerd forbids only names that begin with `_cf_`.
 */
const SEGMENTS = sql`segment(id) AS MATERIALIZED (SELECT min(segid) FROM job_group_search_idx
      UNION ALL SELECT (SELECT min(segid) FROM job_group_search_idx WHERE segid > id) FROM segment WHERE id IS NOT NULL)`;

/** A segment's pages from that on which the trigram may begin to that on which a later one does. */
const PAGES = sql`coalesce((SELECT pgno / 2 FROM job_group_search_idx WHERE segid = segment.id AND term > bytes ORDER BY term LIMIT 1),
      (SELECT (id & 0x7fffffff) + 1 FROM job_group_search_data WHERE id < (segment.id << 37) + (1 << 31) ORDER BY id DESC LIMIT 1))
    - (SELECT pgno / 2 FROM job_group_search_idx WHERE segid = segment.id AND term <= bytes ORDER BY term DESC LIMIT 1)`;

const trigrams = (phrase: string): SQL =>
  sql`(SELECT value AS text, CAST('0' || value AS BLOB) AS bytes FROM json_each(${JSON.stringify(trigramsOf(phrase))}))`;

/**
 * Common table expressions, of which `weight` has what the index is asked for: the phrase, or NULL when it would lead
 * through more pages than `most`. FTS5 may go through all entries of each trigram, however few groups have them all.
 */
export const phraseWithin = (phrase: string, most: number): SQL =>
  sql`${SEGMENTS}, weight AS MATERIALIZED (
      SELECT CASE WHEN coalesce(sum(${PAGES}), 0) <= ${inText(most)} THEN ${queryOf(phrase)} END AS asked, 0 AS is_part
      FROM ${trigrams(phrase)} CROSS JOIN segment)`;

/** Counts the groups that the index has for a query of their texts, of this workspace or another one. */
const entriesOf = (asked: SQL, most: number): SQL =>
  sql`(SELECT count(*) FROM (SELECT 1 FROM job_group_search WHERE job_group_search MATCH ${asked} LIMIT ${inText(most)}))`;

/** The trigrams that lead through twice as many pages as the rarest at most. */
const isRare = sql.raw("pages <= 2 * fewest");

/**
 * The same of the phrase or, when that is dear, of its rare trigrams: the groups that have them (`is_part`) are then to
 * be looked at. It is NULL when even these are too many.
 */
export function phraseOrPart(phrase: string, isPlain: boolean, bounds: ListBounds): SQL {
  const [searched, most] = [inText(bounds.searched), bounds.examined];
  const rows = sql`min(${inText(MOST_ROWS)}, (pages - part_pages) * ${inText(ROWS_A_PAGE)})`;
  const isCheaper = isPlain ? sql`${entriesOf(sql`part`, MOST_ROWS)} < ${rows}` : sql`FALSE`;
  return sql`${SEGMENTS},
    trigram AS MATERIALIZED (SELECT '"' || replace(text, '"', '""') || '"' AS text,
      (SELECT coalesce(sum(${PAGES}), 0) FROM segment) AS pages FROM ${trigrams(phrase)}),
    phrase AS MATERIALIZED (SELECT sum(pages) AS pages, min(pages), text AS rarest,
      group_concat(text, ' AND ') FILTER (WHERE ${isRare}) AS rare, sum(pages) FILTER (WHERE ${isRare}) AS part_pages
      FROM trigram CROSS JOIN (SELECT min(pages) AS fewest FROM trigram)),
    part AS MATERIALIZED (SELECT pages, part_pages, 
      'body : (' || CASE WHEN part_pages <= ${searched} THEN rare ELSE rarest END || ')' AS part FROM phrase),
    weight AS MATERIALIZED (SELECT is_part, CASE WHEN is_part = 0 THEN ${queryOf(phrase)}
        WHEN part_pages <= ${searched} OR ${entriesOf(sql`part`, most + 1)} <= ${inText(most)} THEN part END AS asked
      FROM (SELECT *, CASE WHEN pages > ${searched} THEN 1 ELSE ${isCheaper} END AS is_part FROM part))`;
}
