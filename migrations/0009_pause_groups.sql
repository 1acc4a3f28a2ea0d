ALTER TABLE `job_group` ADD `max_failure_rate` real;--> statement-breakpoint
ALTER TABLE `job_group` ADD `max_cost_micros` integer;--> statement-breakpoint
ALTER TABLE `job_group` ADD `run_paused_ms` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `job_group` ADD `recent_results` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `job_group` ADD `paused_at` integer;--> statement-breakpoint
ALTER TABLE `job_group` ADD `pause_reason` text;--> statement-breakpoint
ALTER TABLE `job_group` ADD `paused_at_cost_micros` integer;--> statement-breakpoint
-- A paused group stands in no line.
DROP VIEW claim_match;--> statement-breakpoint
CREATE VIEW claim_match (workspace, filter_id, rank, place, group_id) AS
  SELECT filter.workspace, filter.id, coalesce(claim_rank, 8), coalesce(claim_order, created_at), job_group.id
  FROM claim_filter AS filter CROSS JOIN job_group
  WHERE job_group.workspace = filter.workspace AND status IN ('queued', 'processing') AND due_at IS NOT NULL
    AND paused_at IS NULL
    AND (filter.templates = '[]' OR template IN (SELECT value FROM json_each(filter.templates)))
    AND (filter.tags = '[]' OR EXISTS (SELECT 1 FROM json_each(filter.tags) AS wanted
      WHERE wanted.value IN (SELECT value FROM json_each(job_group.tags))));
--> statement-breakpoint
DROP TRIGGER claim_line_update;--> statement-breakpoint
CREATE TRIGGER claim_line_update AFTER UPDATE OF claim_rank, claim_order, due_at, template, tags, paused_at ON job_group
WHEN (old.claim_rank, old.claim_order, old.due_at IS NULL, old.template, old.tags, old.paused_at IS NULL)
  IS NOT (new.claim_rank, new.claim_order, new.due_at IS NULL, new.template, new.tags, new.paused_at IS NULL)
  AND EXISTS (SELECT 1 FROM claim_filter WHERE workspace = new.workspace) BEGIN
  DELETE FROM claim_line WHERE workspace = old.workspace
    AND filter_id IN (SELECT id FROM claim_filter WHERE workspace = old.workspace)
    AND rank = coalesce(old.claim_rank, 8) AND place = coalesce(old.claim_order, old.created_at) AND group_id = old.id;
  INSERT INTO claim_line SELECT * FROM claim_match WHERE workspace = new.workspace AND group_id = new.id;
END;
