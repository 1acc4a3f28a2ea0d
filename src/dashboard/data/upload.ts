import { apiKey } from "./client.ts";

interface Upload {
  readonly groupId: string;
  readonly file: File;
  /** The same file sent again under it is recognised, so none is added twice. */
  readonly key: string;
  readonly onProgress: (share: number) => void;
}

/** Sends a file to uploadDocuments. `fetch` does not tell how far it has come. */
export const upload = ({ groupId, file, key, onProgress }: Upload): Promise<Response> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/ocr-invoice-job-group/${groupId}/documents`);
    request.setRequestHeader("api-key", apiKey.peek() ?? "");
    request.setRequestHeader("Idempotency-Key", key);
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded / total));
    request.addEventListener("load", () =>
      resolve(new Response(request.responseText, { status: request.status })),
    );
    request.addEventListener("error", () => reject(new TypeError("the upload broke off")));
    const form = new FormData();
    form.append("file", file);
    request.send(form);
  });
