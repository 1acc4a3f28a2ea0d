CREATE TABLE `group_removal` (
	`group_id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`begun_at` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
-- The row of a group that is being removed leaves its workspace: the count and the lines of filters follow it.
DROP TRIGGER job_group_count_update;--> statement-breakpoint
CREATE TRIGGER job_group_count_update AFTER UPDATE OF status, priority, workspace ON job_group
WHEN (old.workspace, old.status, old.priority) IS NOT (new.workspace, new.status, new.priority) BEGIN
  UPDATE job_group_count SET groups = groups - 1
    WHERE workspace = old.workspace AND status = old.status AND priority = old.priority;
  INSERT INTO job_group_count (workspace, status, priority, groups)
    VALUES (new.workspace, new.status, new.priority, 1)
    ON CONFLICT DO UPDATE SET groups = groups + 1;
END;
--> statement-breakpoint
DROP TRIGGER claim_line_update;--> statement-breakpoint
CREATE TRIGGER claim_line_update AFTER UPDATE OF claim_rank, claim_order, due_at, template, tags, paused_at ON job_group
WHEN (old.claim_rank, old.claim_order, old.due_at IS NULL, old.template, old.tags, old.paused_at IS NULL)
  IS NOT (new.claim_rank, new.claim_order, new.due_at IS NULL, new.template, new.tags, new.paused_at IS NULL)
  AND EXISTS (SELECT 1 FROM claim_filter WHERE workspace = old.workspace) BEGIN
  DELETE FROM claim_line WHERE workspace = old.workspace
    AND filter_id IN (SELECT id FROM claim_filter WHERE workspace = old.workspace)
    AND rank = coalesce(old.claim_rank, 8) AND place = coalesce(old.claim_order, old.created_at) AND group_id = old.id;
  INSERT INTO claim_line SELECT * FROM claim_match WHERE workspace = new.workspace AND group_id = new.id;
END;
