import { signal } from "@preact/signals";

const said = signal("");

/** Says it to those who listen to the page. */
export function announce(text: string): void {
  said.value = text;
}

export const Announcer = () => (
  <p class="hidden" role="status" aria-live="polite">
    {said}
  </p>
);
