import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { announce } from "./announce.tsx";

interface Props {
  readonly children: ComponentChildren;
  readonly kind?: "primary" | "danger" | "plain";
  /** Said to screen readers when it is done. */
  readonly done: string;
  readonly run: () => Promise<unknown>;
  readonly onFailure: (error: Error) => void;
}

/** A button that does something on the server, once at a time. */
export function Action({ children, kind = "plain", done, run, onFailure }: Props) {
  const busy = useSignal(false);
  const act = async () => {
    if (busy.peek()) return;
    busy.value = true;
    try {
      await run();
      announce(done);
    } catch (error) {
      onFailure(error as Error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <button
      type="button"
      class={`button button-${kind}`}
      aria-disabled={busy.value}
      aria-busy={busy.value}
      onClick={() => void act()}
    >
      {children}
    </button>
  );
}
