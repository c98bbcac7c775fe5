"use strict";
// Sorting and filtering of the table of submissions; without it the page has all it says.
{
  const table = document.getElementById("grades");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const order = new Intl.Collator(undefined, { numeric: true });

  const text = (row, column) => row.cells[column].textContent;
  const points = (row, column) => {
    const given = row.cells[column].dataset.points;
    return given === undefined ? null : Number(given);
  };

  // What has no points stands last in either direction.
  const compare = (kind, column, sign) => (a, b) => {
    if (kind === "text") return sign * order.compare(text(a, column), text(b, column));
    const [x, y] = [points(a, column), points(b, column)];
    if (x === null || y === null) return (x === null) - (y === null);
    return sign * (x - y);
  };

  const sort = (head, column) => {
    const kind = head.dataset.sort;
    const first = kind === "text" ? "ascending" : "descending";
    const second = kind === "text" ? "descending" : "ascending";
    const direction = head.getAttribute("aria-sort") === first ? second : first;
    for (const other of heads) other.removeAttribute("aria-sort");
    head.setAttribute("aria-sort", direction);
    rows.sort(compare(kind, column, direction === "ascending" ? 1 : -1));
    body.append(...rows);
  };

  heads.forEach((head, column) => {
    if (!head.dataset.sort) return;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    button.addEventListener("click", () => sort(head, column));
    head.append(button);
  });
  heads[0].setAttribute("aria-sort", "ascending");

  const wanted = document.getElementById("wanted");
  const outcome = document.getElementById("outcome");
  const count = document.getElementById("count");
  const known = new Map(rows.map((row) => [row, {
    text: (row.cells[0].textContent + " " + row.cells[row.cells.length - 1].textContent).toLowerCase(),
    words: new Set([...row.querySelectorAll("i")].map((one) => one.textContent)),
  }]));

  const filter = () => {
    const part = wanted.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      const { text, words } = known.get(row);
      row.hidden = !(text.includes(part) && (outcome.value === "" || words.has(outcome.value)));
      shown += !row.hidden;
    }
    count.textContent = `${shown} of ${rows.length} shown`;
  };

  const form = document.getElementById("filters");
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", filter);
  filter();

  // On paper nothing can be opened.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const one of opened) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of opened) one.open = false;
  });
}
