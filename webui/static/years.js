// Dragging over the bars of the years chooses all from the first to the last; the fields for days do the same.

const barAt = ({ clientX, clientY }) => document.elementFromPoint(clientX, clientY)?.closest("[data-year]");
let first = null;

function span(last) {
  const ends = [Number(first.dataset.year), Number(last.dataset.year)];
  return { from: Math.min(...ends), to: Math.max(...ends) };
}

document.addEventListener("pointerdown", (event) => {
  first = event.button ? null : event.target.closest("[data-year]");
});

document.addEventListener("dragstart", (event) => {
  if (first && event.target.closest("[data-year]")) event.preventDefault(); // the link itself is not to be dragged
});

document.addEventListener("pointermove", (event) => {
  const last = first && barAt(event);
  if (!last || last.ownerSVGElement !== first.ownerSVGElement) return;
  const { from, to } = span(last);
  for (const bar of first.ownerSVGElement.querySelectorAll("[data-year]")) {
    bar.classList.toggle("bar-wanted", from !== to && from <= bar.dataset.year && bar.dataset.year <= to);
  }
});

document.addEventListener("pointerup", (event) => {
  const [begun, last] = [first, first && barAt(event)];
  const same = last && last.ownerSVGElement === begun.ownerSVGElement;
  const { from, to } = same ? span(last) : {};
  first = null;
  for (const bar of document.querySelectorAll(".bar-wanted")) bar.classList.remove("bar-wanted");
  if (!same || from === to) return;
  const link = document.createElement("a"); // followed like any other: in place where results are put in place
  const url = new URL(begun.getAttribute("href"), location.href);
  url.searchParams.delete("year");
  url.searchParams.set("from", from);
  url.searchParams.set("to", to);
  link.href = url;
  link.hidden = true;
  begun.closest("figure").append(link);
  link.click();
});

document.addEventListener("pointercancel", () => {
  first = null;
});
