// Something that wants one's password once more: a form that asks for it, and hands on what the server gave for it.
import { html, nothing } from "lit/html.js";
import "./account-texts.js";
import { t } from "../lib/texts.js";
import { api } from "./server.js";

/** The field for one's password; of whoever has none, what stands for it (21 CFR 11.200). */
export const secretTemplate = (page, label = t("sign_password")) =>
  page.person.password
    ? html`<label>${label}<input name="password" type="password" autocomplete="current-password" required /></label>`
    : html`<p class="hint">${t("sign_no_password")}</p>`;

/** Gives one's password once more; what the server gave for it, or "" where it was wrong, which the page says. */
export async function confirm(page, password) {
  let confirmation = "";
  await page.act(
    "/confirmations",
    { password: password ?? "" },
    {
      after: (reply) => {
        confirmation = reply.confirmation;
      },
    },
  );
  return confirmation;
}

/**
 * A form with a password, and a reason where one is asked for.
 *
 * `page` is the app page, `label` what the button says, `send(confirmation, why)` what happens then.
 */
export function confirmTemplate(page, { label, send, why = true, danger = false, cancel = null }) {
  const submit = async (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    const confirmation = await confirm(page, data.get("password"));
    if (confirmation) await send(confirmation, data.get("why") ?? "");
  };
  return html`<form class="stack" @submit=${submit}>
    <input type="email" name="email" autocomplete="username" hidden />
    ${why ? html`<label>${t("admin_why")}<input name="why" maxlength="500" /></label>` : nothing}
    ${secretTemplate(page, t("admin_password"))}
    <p class="actions"><button type="submit" class="button ${danger ? "danger" : ""}" ?disabled=${page.busy}>${label}</button>
    ${cancel ? html`<button type="button" class="button quiet" @click=${cancel}>${t("cancel")}</button>` : nothing}</p>
  </form>`;
}

/** Saves a reply of the API as a file. */
export async function download(path, body, name) {
  const { csrf_token } = await api.me();
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf_token };
  const reply = await fetch(`/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) });
  if (!reply.ok) throw new Error(`no file: ${reply.status}`);
  const blob = await reply.blob();
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
