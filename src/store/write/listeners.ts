/**
 * SQL that is true when a webhook of the workspace of a row of `job_group` asks for each completed job. The index is named,
 * so that nothing is read where none does.
 */
export const HEARS_COMPLETIONS = `EXISTS (SELECT 1 FROM webhook INDEXED BY webhook_of_completions
    WHERE webhook.workspace = job_group.workspace AND instr(events, '"job.completed"') AND disabled_at IS NULL)`;
