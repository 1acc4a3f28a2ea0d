ALTER TABLE `job` ADD `heartbeat_seconds` integer;--> statement-breakpoint
ALTER TABLE `job_group` ADD `beats` text DEFAULT '{}' NOT NULL;