// Typing in a facet's box leaves the values that hold what was typed, with marks or without.

const bare = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replace(/[đĐ]/g, "d").toLowerCase();

document.addEventListener("input", ({ target }) => {
  if (!target.matches("[data-find]")) return;
  const facet = target.closest(".facet");
  const wanted = bare(target.value.trim());
  const more = facet.querySelector(":scope > details[data-more]");
  if (more) more.open = wanted !== "";
  for (const value of facet.querySelectorAll(":scope > .facet-values > li, [data-more] li")) {
    value.hidden = !bare(value.querySelector(".facet-label").textContent).includes(wanted);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-find]")) return;
  event.preventDefault();
  const first = [...event.target.closest(".facet").querySelectorAll(":scope > .facet-values a, [data-more] a")];
  first.find((link) => link.checkVisibility())?.click();
});
