// Calls of the page to its portal, made as forms with the cookie of the signed-in user.

const ADDRESS = "/bitrix/components/bitrix/app.layout/lazyload.ajax.php";

/** Sends one action of an application's frame; the answer, or an Error with the portal's code. */
export async function call(action, app, values = {}) {
  const body = new URLSearchParams({ action, app, ...values });
  const response = await fetch(ADDRESS, { method: "POST", body });
  const answer = await response.json().catch(() => ({ error: "not_json" }));
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

/** Asks the portal to launch an application: what a Layout is made of. */
export function open(launch, popup = false) {
  return call("open", launch.app, {
    placement: launch.placement ?? "DEFAULT",
    binding: launch.binding ?? "",
    options: JSON.stringify(launch.options ?? {}),
    popup: popup ? "1" : "",
  });
}
