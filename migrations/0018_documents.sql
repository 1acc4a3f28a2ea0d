CREATE TABLE `document_removal` (
	`workspace` text NOT NULL,
	`group_id` text NOT NULL,
	`document_key` text NOT NULL,
	PRIMARY KEY(`workspace`, `group_id`, `document_key`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `job` ADD `document_key` text;--> statement-breakpoint
ALTER TABLE `job` ADD `document_size` integer;--> statement-breakpoint
ALTER TABLE `job` ADD `document_sha256` text;--> statement-breakpoint
ALTER TABLE `job_group` ADD `stored_documents` integer DEFAULT 0 NOT NULL;