import { endedBy, signIn } from "./data/client.ts";
import { Field } from "./parts/field.tsx";
import { textOf } from "./new-group/group-input.ts";
import { RefusalNote } from "./parts/refusal-note.tsx";

export function SignIn() {
  const submit = (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const key = textOf(new FormData(event.currentTarget), "key");
    if (key !== "") signIn(key);
  };
  return (
    <main class="sign-in">
      <form class="card sign-in-card" onSubmit={submit}>
        <span class="brand-mark" aria-hidden="true" />
        <h1>OCR invoice job groups</h1>
        {endedBy.value !== null && <RefusalNote error={endedBy.value} />}
        <Field
          label="API key"
          help="It stays in this tab until you sign out or close it, and is sent to this server alone."
        >
          {(control) => (
            <input {...control} name="key" type="password" autocomplete="off" required autofocus />
          )}
        </Field>
        <button type="submit" class="button button-primary">
          Sign in
        </button>
        <p class="quiet">
          In development <code>npm run dev</code> prints a link that signs in. Elsewhere an
          administrator makes a key with <code>npm run key:create</code>.
        </p>
      </form>
    </main>
  );
}
