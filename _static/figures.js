// @ts-check
// A PNG of a figure of a data set, with twice its pixels, made of the SVG in the page when its downloads are unfolded.
// Without this script the SVG, the PDF and the rows stand there all the same. No library.
"use strict";

{
  const TIMES = 2; // as many pixels as the figures of the chapters have
  const style = /** @type {HTMLElement | null} */ (document.querySelector("[data-figure-style]"))?.dataset.figureStyle ?? "";

  /* The figure as its SVG file has it: in black on white, whatever the colours of the page. */
  /** @param {SVGSVGElement} svg */
  function standalone(svg) {
    const copy = /** @type {SVGSVGElement} */ (svg.cloneNode(true));
    const { width, height } = svg.viewBox.baseVal;
    const ground = `<style>${style}</style><rect width="${width}" height="${height}" fill="#fff"/>`;
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", String(width));
    copy.setAttribute("height", String(height));
    copy.insertAdjacentHTML("afterbegin", ground);
    return { text: new XMLSerializer().serializeToString(copy), width, height };
  }

  /** @param {SVGSVGElement} svg @returns {Promise<Blob | null>} */
  async function png(svg) {
    const { text, width, height } = standalone(svg);
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    canvas.width = TIMES * width;
    canvas.height = TIMES * height;
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => { canvas.toBlob(done, "image/png"); });
  }

  for (const fold of /** @type {NodeListOf<HTMLDetailsElement>} */ (document.querySelectorAll(".figure-files[data-name]"))) {
    const svg = /** @type {SVGSVGElement | null | undefined} */ (fold.previousElementSibling?.querySelector("svg.scatter"));
    const link = document.createElement("a");
    fold.addEventListener("toggle", async () => {
      if (svg && fold.open && !link.isConnected) {
        const made = await png(svg);
        if (made) {
          link.textContent = "PNG";
          link.download = `${fold.dataset.name}.png`;
          link.href = URL.createObjectURL(made);
          fold.querySelector("a")?.after(" ", link);
        }
      }
    });
  }
}
