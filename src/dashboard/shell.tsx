import type { ComponentChildren } from "preact";
import { connection, signOut } from "./data/client.ts";
import { identity } from "./data/session.ts";
import { Icon } from "./parts/icon.tsx";
import { Moment } from "./parts/time.tsx";

const CONNECTION = {
  connecting: "Connecting",
  live: "Live",
  lost: "Out of touch, trying again",
} as const;

export const Shell = ({ children }: { children?: ComponentChildren }) => (
  <>
    <header class="shell">
      <a class="brand" href="/dashboard">
        <span class="brand-mark" aria-hidden="true" />
        Job groups
      </a>
      <nav aria-label="Site">
        <a href="/docs">Reference</a>
      </nav>
      <span class={`connection connection-${connection.value}`} role="status">
        {CONNECTION[connection.value]}
      </span>
      <KeyMenu />
    </header>
    {children}
  </>
);

/** The signed-in key: whose groups it sees and what it may do. */
function KeyMenu() {
  const key = identity.value;
  return (
    <>
      <button type="button" class="button button-plain key-button" popovertarget="key-menu">
        <Icon name="key" />
        <span class="key-name">{key?.workspace ?? "…"}</span>
        <span class="hidden">: workspace and key</span>
      </button>
      <section id="key-menu" class="key-menu" popover="auto" aria-label="Key">
        {key !== null && (
          <dl>
            <dt>Key</dt>
            <dd>{key.name}</dd>
            <dt>Workspace</dt>
            <dd>{key.workspace}</dd>
            <dt>Scopes</dt>
            <dd class="scopes">
              {key.scopes.map((scope) => (
                <code key={scope}>{scope}</code>
              ))}
            </dd>
            <dt>Expires</dt>
            <dd>{key.expiresAt === undefined ? "never" : <Moment at={key.expiresAt} />}</dd>
          </dl>
        )}
        <button type="button" class="button button-plain" onClick={() => signOut()}>
          Sign out
        </button>
      </section>
    </>
  );
}
