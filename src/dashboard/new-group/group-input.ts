import type { GroupInput } from "../data/types.ts";

/** A field's text without the blanks around it. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value.trim() : "";
}

const listOf = (text: string): string[] =>
  text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");

/** The form's values as createJobGroup takes them. An empty field is left out, and has its default. */
export function groupInput(form: FormData): GroupInput {
  const text = (name: string) => textOf(form, name);
  const optional = (name: string) => (text(name) === "" ? {} : { [name]: text(name) });
  const number = (name: string) => (text(name) === "" ? {} : { [name]: Number(text(name)) });
  return {
    name: text("name"),
    template: text("template"),
    ...optional("description"),
    ...optional("batchNumber"),
    ...optional("priority"),
    ...optional("assignedTo"),
    ...number("retentionDays"),
    tags: listOf(text("tags")),
    processingSettings: {
      ...number("parallelJobs"),
      ...number("retryCount"),
      ...number("timeoutMinutes"),
      ...number("maxCost"),
      ...(text("maxFailureRate") !== "" && {
        maxFailureRate: Number(text("maxFailureRate")) / 100,
      }),
    },
    notifications: {
      onCompletion: form.has("onCompletion"),
      onFailure: form.has("onFailure"),
      recipients: listOf(text("recipients")),
    },
  };
}
