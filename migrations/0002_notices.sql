CREATE TABLE `delivery` (
	`group_id` text NOT NULL,
	`id` text NOT NULL,
	`run` integer NOT NULL,
	`event` text NOT NULL,
	`channel` text NOT NULL,
	`destination` text NOT NULL,
	`payload` text NOT NULL,
	`status` text NOT NULL,
	`attempts` integer NOT NULL,
	`due_at` integer,
	`attempted_at` integer,
	`delivered_at` integer,
	`last_error` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`group_id`, `id`),
	FOREIGN KEY (`group_id`) REFERENCES `job_group`(`id`) ON UPDATE no action ON DELETE cascade
) WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `delivery_due` ON `delivery` (`group_id`,`due_at`) WHERE due_at IS NOT NULL;--> statement-breakpoint
CREATE TABLE `webhook` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`url` text NOT NULL,
	`events` text NOT NULL,
	`secret` text NOT NULL,
	`previous_secret` text,
	`previous_secret_until` integer,
	`created_at` integer NOT NULL,
	`disabled_at` integer
);
--> statement-breakpoint
CREATE INDEX `webhook_by_workspace` ON `webhook` (`workspace`);--> statement-breakpoint
ALTER TABLE `job_group` ADD `run_failed_jobs` integer DEFAULT 0 NOT NULL;
