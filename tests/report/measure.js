// Measures a page, with all that can be unfolded unfolded: the value of this file is what it says.
(() => {
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });

/** Any colour of CSS as [red, green, blue, opacity]. */
function rgba(color) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = color;
  canvas.fillRect(0, 0, 1, 1);
  const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
  return [r, g, b, a / 255];
}

function over(top, below) {
  const [r, g, b, a] = rgba(top);
  return [r, g, b].map((x, n) => x * a + below[n] * (1 - a));
}

/** What lies behind a text: the backgrounds of all that it is in, one over the other. */
function behind(element, canvasColor) {
  const layers = [];
  for (let e = element; e && e.nodeType === 1; e = e.parentElement) {
    layers.unshift(getComputedStyle(e).backgroundColor);
    if (e.tagName === "g") layers.unshift(getComputedStyle(e.querySelector("rect")).fill);
  }
  return layers.reduce((below, top) => (top === "none" ? below : over(top, below)), canvasColor);
}

function luminance(rgb) {
  const [r, g, b] = rgb.map((x) => (x <= 10.31 ? x / 255 / 12.92 : ((x / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}


  const root = document.documentElement;
  document.querySelectorAll("details").forEach((one) => (one.open = true));
  const isDark = matchMedia("(prefers-color-scheme: dark)").matches;
  const editor = getComputedStyle(root).getPropertyValue("--vscode-editor-background");  // behind VS Code's frames
  const canvasColor = editor ? rgba(editor).slice(0, 3) : isDark && getComputedStyle(root).colorScheme.includes("dark") ? [18, 18, 18] : [255, 255, 255];
  const broken = [], faint = [], out = [];
  let texts = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!node.parentElement.closest(".gradcheck")) continue;
    const parent = node.parentElement;
    if (!node.data.trim() || !parent.getClientRects().length || parent.closest("style")) continue;
    if (getComputedStyle(parent).clipPath !== "none" || getComputedStyle(parent).visibility === "hidden") continue;
    texts += 1;
    const style = getComputedStyle(parent), back = behind(parent, canvasColor);
    const ink = over(parent.closest("svg") ? style.fill : style.color, back);
    if (contrast(ink, back) < 4.5) faint.push([node.data, contrast(ink, back)]);
    for (const match of node.data.matchAll(/[\p{L}\p{N}_]+/gu)) {
      const range = document.createRange();
      range.setStart(node, match.index);
      range.setEnd(node, match.index + match[0].length);
      const boxes = [...range.getClientRects()].filter((box) => box.width);
      if (match[0].length < 20 && new Set(boxes.map((box) => Math.round(box.bottom))).size > 1) broken.push(match[0]);
      const right = Math.max(...boxes.map((box) => box.right), 0);
      if (!parent.closest(".scroll") && right > root.clientWidth + 1) out.push(match[0]);
    }
  }
  return {
    overflow: root.scrollWidth - root.clientWidth,
    pictures: [...document.querySelectorAll(".gradcheck svg")].map((one) => Math.round(one.getBoundingClientRect().width)),
    isDark, texts, broken, faint, out,
  };
})();
