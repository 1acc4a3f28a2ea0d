import { BASE } from "../support/client.ts";
import { HEADERS, type Server } from "../support/worker-server.ts";

const KEY = { "api-key": HEADERS["api-key"] };

export function uploadForm({ url }: Server, group: string, file: Blob): Promise<Buffer> {
  const form = new FormData();
  form.append("file", file, "invoice.pdf");
  return answered(`${url}${BASE}/${group}/documents`, "POST", form);
}

export const bareUpload = ({ url }: Server, file: Blob, name = 0): Promise<Buffer> =>
  answered(`${url}/${name}`, "PUT", file);

/** The body of an answer that must be a success. */
export async function answered(
  url: string,
  method: string,
  body: BodyInit | null = null,
): Promise<Buffer> {
  const response = await fetch(url, { method, headers: KEY, body });
  const answer = Buffer.from(await response.arrayBuffer());
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${answer.toString()}`);
  return answer;
}
