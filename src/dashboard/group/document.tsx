import { useEffect, useState } from "preact/hooks";
import { answered, groups } from "../data/client.ts";
import { Refusal } from "../data/refusal.ts";
import type { Job } from "../data/types.ts";
import { RefusalNote } from "../parts/refusal-note.tsx";
import { save } from "./save.ts";

/** The types that a browser shows in a page. A document of another type can only be saved. */
const SHOWN = new Set(["image/png", "image/jpeg", "image/bmp", "application/pdf"]);

interface Props {
  readonly groupId: string;
  readonly job: Pick<Job, "jobId" | "documentName">;
}

/** The stored document, fetched with the key and shown from memory: its address alone opens nothing. */
export function Document({ groupId, job: { jobId, documentName } }: Props) {
  const [file, setFile] = useState<{ blob: Blob; url: string } | Error | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    let url = "";
    setFile(null);
    const show = async () => {
      const blob = await fetchDocument(groupId, jobId, abort.signal);
      if (!abort.signal.aborted) setFile({ blob, url: (url = URL.createObjectURL(blob)) });
    };
    show().catch((error: unknown) => {
      if (!abort.signal.aborted) setFile(error as Error);
    });
    return () => {
      abort.abort();
      URL.revokeObjectURL(url);
    };
  }, [groupId, jobId]);
  if (file instanceof Refusal && file.problem.code === "DOCUMENT_NOT_FOUND") return null;
  if (file instanceof Error) return <RefusalNote error={file} />;
  return (
    <section class="document" aria-label="Document">
      {file === null ? <p class="empty">Reading…</p> : <Sheet {...file} name={documentName} />}
    </section>
  );
}

async function fetchDocument(id: string, jobId: string, signal: AbortSignal): Promise<Blob> {
  const { document } = groups.peek()[":id"].jobs[":jobId"];
  const request = document.$get({ param: { id, jobId }, query: {} }, { init: { signal } });
  return (await answered(request)).blob();
}

function Sheet({ blob, url, name }: { blob: Blob; url: string; name: string }) {
  const isShown = SHOWN.has(blob.type);
  return (
    <>
      {isShown && blob.type === "application/pdf" && <iframe src={url} title={name} />}
      {isShown && blob.type !== "application/pdf" && <img src={url} alt={name} />}
      {!isShown && <p class="empty">A browser cannot show this type.</p>}
      <button type="button" class="button button-plain" onClick={() => save(blob, name)}>
        Save the document
      </button>
    </>
  );
}
