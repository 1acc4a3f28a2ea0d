import { useSignal } from "@preact/signals";
import { ask, groups } from "../data/client.ts";
import { useLive } from "../data/live.ts";
import { may } from "../data/session.ts";
import type { Group, Notification } from "../data/types.ts";
import { Action } from "../parts/action.tsx";
import { counted } from "../parts/format.ts";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { Ago, Until } from "../parts/time.tsx";

const EVERY_MS = 5_000;
const SHOWN = 20;

/** The group's notifications, each with its receiver and its outcome. */
export function Notifications({ group: { _id: id } }: { group: Group }) {
  const failure = useSignal<Error | null>(null);
  const { data, refresh } = useLive(
    (signal) => {
      const query = { limit: String(SHOWN) };
      return ask(
        groups.value[":id"].notifications.$get({ param: { id }, query }, { init: { signal } }),
      );
    },
    () => EVERY_MS,
    [id],
  );
  const page = data.value;
  if (page === undefined || page.total === 0) return null;
  const again = async (notificationId: string) => {
    failure.value = null;
    const param = { id, notificationId };
    await ask(groups.value[":id"].notifications[":notificationId"].redeliver.$post({ param }));
    refresh();
  };
  return (
    <section class="card" aria-labelledby="notifications">
      <h2 id="notifications">Notifications</h2>
      {failure.value !== null && (
        <RefusalNote error={failure.value} onClose={() => (failure.value = null)} />
      )}
      <ul class="notices">
        {page.data.map((notice) => (
          <li key={notice.notificationId}>
            <Notice notice={notice} />
            {notice.status === "dead" && may("groups:write") && (
              <Action
                done="It is sent again."
                run={() => again(notice.notificationId)}
                onFailure={(error) => (failure.value = error)}
              >
                Send again
              </Action>
            )}
          </li>
        ))}
      </ul>
      {page.total > SHOWN && (
        <p class="quiet">
          The latest {SHOWN} of {page.total}.
        </p>
      )}
    </section>
  );
}

const Notice = ({ notice }: { notice: Notification }) => (
  <>
    <span class={`notice-status notice-${notice.status}`}>{notice.status}</span>
    <span class="notice-what">
      <code>{notice.event}</code> to{" "}
      <bdi>{notice.recipient ?? `webhook ${notice.webhookId ?? ""}`}</bdi>
      {notice.lastError !== undefined && <em>{notice.lastError}</em>}
    </span>
    <span class="quiet">
      {notice.deliveredAt === undefined ? (
        <>
          {counted(notice.attempts, "attempt")}
          {notice.nextAttemptAt !== undefined && notice.status === "pending" && (
            <>
              , next <Until at={notice.nextAttemptAt} />
            </>
          )}
        </>
      ) : (
        <Ago at={notice.deliveredAt} />
      )}
    </span>
  </>
);
