// Results in place: the same addresses as without this script, fetched as a fragment and put where they belong.

const results = () => document.querySelector("[data-results]");
let asking = null;
let shown = location.search;

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-results] a[href], .drawer a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const url = new URL(link.getAttribute("href"), location.href); // getAttribute: a link in an SVG has an object in href
  if (url.origin !== location.origin || url.pathname !== location.pathname) return;
  event.preventDefault();
  link.closest("dialog")?.close();
  show(url, { name: link.dataset.name, toTop: Boolean(link.closest(".pager")) });
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  const url = new URL(form.action);
  if (!form.matches("[data-search]") || !results() || url.pathname !== location.pathname) return;
  event.preventDefault();
  form.closest("dialog")?.close();
  const told = new FormData(form);
  // The box stands outside of what is replaced: the filters it keeps are those of the address.
  const kept = form.getAttribute("role") === "search" ? new URLSearchParams(location.search) : new URLSearchParams(told);
  for (const [name, value] of told) if (form.elements[name].type !== "hidden") kept.set(name, value);
  for (const name of ["page", "after"]) kept.delete(name);
  for (const [name, value] of [...kept]) if (!value) kept.delete(name);
  url.search = kept.toString();
  show(url, {});
});

addEventListener("popstate", () => {
  if (results() && location.search !== shown) show(new URL(location.href), { push: false }); // a mere #main is none
});

async function show(url, { name, toTop = false, push = true }) {
  asking?.abort();
  asking = new AbortController();
  results().classList.add("waiting");
  try {
    const answer = await fetch(url, { headers: { "X-Fragment": "results" }, signal: asking.signal });
    if (!answer.ok) throw new Error(answer.status);
    const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-results]");
    if (push) history.pushState(null, "", url);
    shown = url.search;
    put(found, name, toTop);
  } catch (error) {
    if (error.name !== "AbortError") location.assign(url); // the whole page can say what is wrong
  }
}

function put(found, name, toTop) {
  const open = [...document.querySelectorAll("[data-results] details[open]")].map((details) => details.dataset.name);
  results().replaceWith(document.adoptNode(found));
  for (const details of found.querySelectorAll("details")) details.open = open.includes(details.dataset.name);
  document.title = found.dataset.title;
  const box = document.getElementById("q");
  if (document.activeElement !== box) box.value = new URL(location.href).searchParams.get("q") ?? "";
  for (const link of document.querySelectorAll(".corner a[hreflang]")) {
    const other = new URL(location.href);
    other.searchParams.set("lang", link.hreflang);
    link.href = other;
  }
  const total = found.querySelector("[data-total]");
  document.querySelector("[data-status]").textContent = total.textContent;
  const same = name && [...found.querySelectorAll("[data-name]")].find((link) => link.dataset.name === name && link.checkVisibility());
  if (document.activeElement !== box) (same || total).focus({ preventScroll: true });
  if (toTop) scrollTo({ top: 0 });
}
