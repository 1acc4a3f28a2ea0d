ALTER TABLE `job` ADD `error_code` text;--> statement-breakpoint
ALTER TABLE `job` ADD `deferrals` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `job` ADD `history` text;