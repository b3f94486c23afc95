// Parts of a page that change by themselves are asked for again until they say they are still.

const EVERY = 1000; // milliseconds

for (const part of document.querySelectorAll("[data-poll]")) poll(part);

async function poll(part) {
  let still = Boolean(part.querySelector("[data-still]"));
  if (still) return;
  while (!still) {
    await new Promise((done) => setTimeout(done, EVERY));
    if (document.hidden) continue;
    const answer = await fetch(part.dataset.poll).catch(() => null);
    if (answer?.redirected || answer?.status === 403) return location.reload(); // logged out meanwhile
    if (!answer?.ok) continue;
    const told = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    const buttons = [...part.querySelectorAll("button, a, [tabindex]")];
    const place = buttons.indexOf(document.activeElement);
    const log = part.querySelector(".log");
    const scrolled = log && log.scrollTop + log.clientHeight < log.scrollHeight - 4 ? log.scrollTop : null;
    part.replaceChildren(...told.childNodes);
    if (place >= 0) part.querySelectorAll("button, a, [tabindex]")[place]?.focus({ preventScroll: true });
    const newer = part.querySelector(".log");
    if (newer) newer.scrollTop = scrolled ?? newer.scrollHeight;
    still = Boolean(part.querySelector("[data-still]"));
  }
  if ("reload" in part.dataset) location.reload(); // the rest of the page tells how it stood before
  else document.querySelector("[data-status]").textContent = part.querySelector(".state").textContent;
}
