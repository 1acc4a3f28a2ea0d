ALTER TABLE `delivery` ADD `workspace` text DEFAULT '' NOT NULL;--> statement-breakpoint
UPDATE delivery SET workspace = (SELECT workspace FROM job_group WHERE id = group_id);--> statement-breakpoint
CREATE INDEX `delivery_dead` ON `delivery` (`workspace`) WHERE status = 'dead';--> statement-breakpoint
CREATE INDEX `job_failed` ON `job` (`group_id`,`error_code`) WHERE status = 'failed';