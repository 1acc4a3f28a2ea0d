import { LocationProvider, Route, Router } from "preact-iso/router";
import { apiKey } from "./data/client.ts";
import { identity, may } from "./data/session.ts";
import { GroupPage } from "./group/group-page.tsx";
import { GroupsPage } from "./groups/groups-page.tsx";
import { NewGroupPage } from "./new-group/new-group-page.tsx";
import { Announcer } from "./parts/announce.tsx";
import { NotFound } from "./parts/not-found.tsx";
import { Shell } from "./shell.tsx";
import { SignIn } from "./sign-in.tsx";

/** Everything behind a key. A page asks for its content at once, while the API is asked what the key is for. */
export function App() {
  return (
    <LocationProvider scope="/dashboard">
      {apiKey.value === null ? <SignIn /> : <SignedIn />}
      <Announcer />
    </LocationProvider>
  );
}

function SignedIn() {
  const mayNot = identity.value !== null && !may("groups:read");
  return (
    <Shell>
      {mayNot ? (
        <NoReading />
      ) : (
        <Router>
          <Route path="/dashboard" component={GroupsPage} />
          <Route path="/dashboard/new" component={NewGroupPage} />
          <Route path="/dashboard/groups/:id" component={GroupPage} />
          <Route default component={NotFound} />
        </Router>
      )}
    </Shell>
  );
}

const NoReading = () => (
  <main class="page page-narrow">
    <h1>This key may not read groups</h1>
    <p>
      It has {identity.value?.scopes.join(", ")}. The dashboard needs a key with{" "}
      <code>groups:read</code>.
    </p>
  </main>
);
