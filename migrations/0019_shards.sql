CREATE TABLE `workspace_home` (
	`workspace` text PRIMARY KEY NOT NULL,
	`shard` integer NOT NULL,
	`moves_from` integer,
	`moves_to` integer,
	`phase` text,
	`phase_at` integer,
	`copied_to` text,
	`failure` text
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `workspace_stop` (
	`workspace` text PRIMARY KEY NOT NULL,
	`state` text NOT NULL
) WITHOUT ROWID;
