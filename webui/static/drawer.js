// On narrow screens the filters slide in; without this script the same link opens them as a page.

document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-drawer]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href, { headers: { "X-Fragment": "filters" } });
  if (!answer.ok) return location.assign(link.href);
  const told = new DOMParser().parseFromString(await answer.text(), "text/html");
  const dialog = document.getElementById("drawer").content.cloneNode(true).firstElementChild;
  dialog.querySelector("[data-drawer-body]").append(...told.body.childNodes);
  dialog.addEventListener("close", () => {
    dialog.remove();
    document.querySelector("[data-drawer]")?.focus();
  });
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target.closest("[data-close]")) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
});
