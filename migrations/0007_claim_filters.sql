CREATE TABLE `claim_filter` (
	`workspace` text NOT NULL,
	`id` text NOT NULL,
	`templates` text NOT NULL,
	`tags` text NOT NULL,
	`asked_at` integer NOT NULL,
	PRIMARY KEY(`workspace`, `id`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `claim_filter_by_asked_at` ON `claim_filter` (`asked_at`);--> statement-breakpoint
CREATE TABLE `claim_line` (
	`workspace` text NOT NULL,
	`filter_id` text NOT NULL,
	`rank` integer NOT NULL,
	`place` integer NOT NULL,
	`group_id` text NOT NULL,
	PRIMARY KEY(`workspace`, `filter_id`, `rank`, `place`, `group_id`)
) WITHOUT ROWID;
--> statement-breakpoint
-- The groups that each filter lets through, while they have queued jobs. Without room for a further lease a group has
-- no rank of its own and stands at 8. In a workspace without filters the triggers read and write nothing.
CREATE VIEW claim_match (workspace, filter_id, rank, place, group_id) AS
  SELECT filter.workspace, filter.id, coalesce(claim_rank, 8), coalesce(claim_order, created_at), job_group.id
  FROM claim_filter AS filter CROSS JOIN job_group
  WHERE job_group.workspace = filter.workspace AND status IN ('queued', 'processing') AND due_at IS NOT NULL
    AND (filter.templates = '[]' OR template IN (SELECT value FROM json_each(filter.templates)))
    AND (filter.tags = '[]' OR EXISTS (SELECT 1 FROM json_each(filter.tags) AS wanted
      WHERE wanted.value IN (SELECT value FROM json_each(job_group.tags))));
--> statement-breakpoint
CREATE TRIGGER claim_filter_insert AFTER INSERT ON claim_filter BEGIN
  INSERT INTO claim_line SELECT * FROM claim_match WHERE workspace = new.workspace AND filter_id = new.id;
END;
--> statement-breakpoint
CREATE TRIGGER claim_filter_delete AFTER DELETE ON claim_filter BEGIN
  DELETE FROM claim_line WHERE workspace = old.workspace AND filter_id = old.id;
END;
--> statement-breakpoint
CREATE TRIGGER claim_line_insert AFTER INSERT ON job_group WHEN new.due_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM claim_filter WHERE workspace = new.workspace) BEGIN
  INSERT INTO claim_line SELECT * FROM claim_match WHERE workspace = new.workspace AND group_id = new.id;
END;
--> statement-breakpoint
CREATE TRIGGER claim_line_update AFTER UPDATE OF claim_rank, claim_order, due_at, template, tags ON job_group
WHEN (old.claim_rank, old.claim_order, old.due_at IS NULL, old.template, old.tags)
  IS NOT (new.claim_rank, new.claim_order, new.due_at IS NULL, new.template, new.tags)
  AND EXISTS (SELECT 1 FROM claim_filter WHERE workspace = new.workspace) BEGIN
  DELETE FROM claim_line WHERE workspace = old.workspace
    AND filter_id IN (SELECT id FROM claim_filter WHERE workspace = old.workspace)
    AND rank = coalesce(old.claim_rank, 8) AND place = coalesce(old.claim_order, old.created_at) AND group_id = old.id;
  INSERT INTO claim_line SELECT * FROM claim_match WHERE workspace = new.workspace AND group_id = new.id;
END;
--> statement-breakpoint
CREATE TRIGGER claim_line_delete AFTER DELETE ON job_group WHEN old.due_at IS NOT NULL
  AND EXISTS (SELECT 1 FROM claim_filter WHERE workspace = old.workspace) BEGIN
  DELETE FROM claim_line WHERE workspace = old.workspace
    AND filter_id IN (SELECT id FROM claim_filter WHERE workspace = old.workspace)
    AND rank = coalesce(old.claim_rank, 8) AND place = coalesce(old.claim_order, old.created_at) AND group_id = old.id;
END;
