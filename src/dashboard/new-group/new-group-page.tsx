import { useSignal } from "@preact/signals";
import { useLocation } from "preact-iso/router";
import { useEffect, useRef } from "preact/hooks";
import { ask, groups } from "../data/client.ts";
import { Refusal } from "../data/refusal.ts";
import { identity, may } from "../data/session.ts";
import { announce } from "../parts/announce.tsx";
import { NotFound } from "../parts/not-found.tsx";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { type Faults, GroupFields } from "./group-fields.tsx";
import { groupInput } from "./group-input.ts";

export function NewGroupPage() {
  useEffect(() => {
    document.title = "New group";
  }, []);
  if (identity.value === null) return null;
  return may("groups:write") ? <NewGroup /> : <NotFound />;
}

function NewGroup() {
  const { route } = useLocation();
  const failure = useSignal<Error | null>(null);
  const busy = useSignal(false);
  /** A form that is sent again because no answer came makes one group. */
  const attempt = useRef({ text: "", key: "" });
  const submit = async (form: HTMLFormElement) => {
    if (busy.peek()) return;
    busy.value = true;
    failure.value = null;
    const json = groupInput(new FormData(form));
    const text = JSON.stringify(json);
    if (attempt.current.text !== text) attempt.current = { text, key: crypto.randomUUID() };
    try {
      const header = { "Idempotency-Key": attempt.current.key };
      const { data } = await ask(groups.value.$post({ json, header }));
      announce("The group is created.");
      route(`/dashboard/groups/${data._id}`);
    } catch (error) {
      failure.value = error as Error;
    } finally {
      busy.value = false;
    }
  };
  return (
    <main class="page page-narrow">
      <nav class="crumbs" aria-label="Breadcrumb">
        <a href="/dashboard">Groups</a>
      </nav>
      <h1>New group</h1>
      {failure.value !== null && <RefusalNote error={failure.value} />}
      <form
        class="form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit(event.currentTarget);
        }}
      >
        <GroupFields faults={faultsOf(failure.value)} />
        <div class="form-actions">
          <a class="button button-plain" href="/dashboard">
            Back
          </a>
          <button type="submit" class="button button-primary" aria-disabled={busy.value}>
            Create group
          </button>
        </div>
      </form>
    </main>
  );
}

/** The API's words on each field, by the last part of the pointer. */
function faultsOf(error: Error | null): Faults {
  if (!(error instanceof Refusal)) return {};
  const faults = error.problem.errors ?? [];
  return Object.fromEntries(
    faults.map(({ pointer = "", detail }) => [
      pointer.split("/").findLast((part) => !/^\d*$/.test(part)) ?? "",
      detail,
    ]),
  );
}
