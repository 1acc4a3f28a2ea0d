import { Webhook as Signer } from "standardwebhooks";
import { configOf } from "../config.ts";
import type { Webhook } from "../domain/webhook.ts";
import { type Attempt, ATTEMPT_TIMEOUT_MS, noAnswer } from "./attempt.ts";
import { isLocalhost, webhookUrlFault } from "../domain/webhook-url.ts";

export interface Message {
  /** The same for every attempt, so that receivers recognise repeats. */
  readonly id: string;
  /** JSON text. */
  readonly payload: string;
}

/** Posts a message, signed with each valid secret in the form of Standard Webhooks. */
export async function sendWebhook(
  env: Env,
  webhook: Webhook,
  { id, payload }: Message,
): Promise<Attempt> {
  const fault =
    isLocalhost(webhook.url) && !configOf(env).webhooksToLocalhost
      ? "is local."
      : webhookUrlFault(webhook.url);
  if (fault !== null) return { ended: "refused", why: `the webhook's URL ${fault}` };
  const at = new Date();
  const secrets = liveSecrets(webhook, at.getTime());
  try {
    const { status, body } = await fetch(webhook.url, {
      method: "POST",
      redirect: "manual",
      headers: {
        "content-type": "application/json",
        "user-agent": "ocr-invoice-job-groups",
        "webhook-id": id,
        "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
        "webhook-signature": secrets
          .map((secret) => new Signer(secret).sign(id, at, payload))
          .join(" "),
      },
      body: payload,
      signal: AbortSignal.timeout(ATTEMPT_TIMEOUT_MS),
    });
    // Only the status counts. The body is not read, however long it is.
    await body?.cancel().catch(() => undefined);
    if (status >= 200 && status < 300) return { ended: "delivered" };
    const why = `the receiver answered ${status}`;
    return { ended: status === 410 ? "gone" : "failed", why };
  } catch (error) {
    return noAnswer(error);
  }
}

function liveSecrets({ secret, previousSecret, previousSecretUntil }: Webhook, now: number) {
  const previousIsLive = previousSecret !== null && (previousSecretUntil ?? 0) > now;
  return previousIsLive ? [secret, previousSecret] : [secret];
}
