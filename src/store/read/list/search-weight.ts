import { type SQL, sql } from "drizzle-orm";
import { inText } from "./candidates.ts";
import { trigramsOf } from "./search.ts";

/** The index goes through a page of entries in the time in which so many rows are looked at. */
const ROWS_A_PAGE = 6;
const MOST_ROWS = 3_000;

/** A segment's pages from that on which the trigram may begin to that on which a later one does. */
const PAGES = sql`coalesce((SELECT pgno / 2 FROM job_group_search_idx WHERE segid = segment.id AND term > bytes ORDER BY term LIMIT 1),
      (SELECT (id & 0x7fffffff) + 1 FROM job_group_search_data WHERE id < (segment.id << 37) + (1 << 31) ORDER BY id DESC LIMIT 1))
    - (SELECT pgno / 2 FROM job_group_search_idx WHERE segid = segment.id AND term <= bytes ORDER BY term DESC LIMIT 1)`;

/** Counts the groups with the trigram `rarest`, of this workspace or another one. */
export const entriesOfRarest = (
  most: number,
): SQL => sql`(SELECT count(*) FROM (SELECT 1 FROM job_group_search
    WHERE job_group_search MATCH 'body : ' || rarest LIMIT ${inText(most)}))`;

const isRarer = (pages: SQL): SQL =>
  sql`${entriesOfRarest(MOST_ROWS)} < min(${pages} * ${inText(ROWS_A_PAGE)}, ${inText(MOST_ROWS)})`;

/**
 * Common table expressions, of which `weight` has the pages of the search index that a phrase may lead through, its rarest
 * trigram, and whether looking at the groups that have this one costs less. FTS5 goes through all entries of each trigram,
 * however few groups have them all. They are not counted: `job_group_search_idx`, the directory of the index, has the
 * first trigram of each page in each of its segments.
 */
export const weightOf = (phrase: string, weighedFrom: number): SQL =>
  sql`segment(id) AS (SELECT min(segid) FROM job_group_search_idx
      UNION ALL SELECT (SELECT min(segid) FROM job_group_search_idx WHERE segid > id) FROM segment WHERE id IS NOT NULL),
    trigram AS MATERIALIZED (SELECT text, (SELECT coalesce(sum(${PAGES}), 0) FROM segment) AS pages
      FROM (SELECT value AS text, CAST('0' || value AS BLOB) AS bytes FROM json_each(${JSON.stringify(trigramsOf(phrase))}))),
    phrase AS MATERIALIZED (SELECT sum(pages) AS pages, min(pages), '"' || replace(text, '"', '""') || '"' AS rarest FROM trigram),
    weight AS MATERIALIZED (SELECT pages, rarest,
      CASE WHEN pages >= ${inText(Math.min(weighedFrom, Number.MAX_SAFE_INTEGER))} THEN ${isRarer(sql.raw("pages"))} ELSE 0 END AS by_rarest FROM phrase)`;
