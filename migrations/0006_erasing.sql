DROP INDEX `receipt_of_creation`;--> statement-breakpoint
CREATE INDEX `receipt_by_group` ON `receipt` (`group_id`);--> statement-breakpoint
ALTER TABLE `job_group` ADD `erased_jobs` integer DEFAULT 0 NOT NULL;