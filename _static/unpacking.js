// @ts-check
// What peft_vlm_survey/site/packed.py made small, as it is read: the columns of the catalogue, and whole values that were deflated.
"use strict";

{
  const FIRST_LETTER = 0x100, FIRST_PLACE = "0".charCodeAt(0);
  const GITHUB = "https://github.com/";

  /** @param {string} packed */
  function inflated(packed) {
    const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new window.DecompressionStream("deflate-raw"));
    return new Response(stream).text();
  }

  /* Texts in which a letter that none of them has stands for each common word. */
  /** @param {PackedTexts} packed */
  function unpackedTexts({ taken, words, texts }) {
    /** @type {Map<string, string>} */
    const wordOf = new Map();
    let code = FIRST_LETTER;
    for (const word of words) {
      while (taken.includes(String.fromCharCode(code))) {
        code += 1;
      }
      wordOf.set(String.fromCharCode(code), word);
      code += 1;
    }
    return texts.map((text) => text.replace(/[\u0100-\u07ff]/g, (letter) => wordOf.get(letter) ?? letter));
  }

  /** @template Value @param {PickedColumn<Value>} column */
  const valuesOf = ({ values, places }) => places.map((place) => values[place]);
  const placesOf = (/** @type {string} */ column) => column.split(" ").map((cell) => [...cell].map((letter) => letter.charCodeAt(0) - FIRST_PLACE));
  const listOf = (/** @type {string} */ text) => text.split(";").filter(Boolean);
  const squeezed = (/** @type {string} */ text) => text.normalize("NFKD").replace(/[^A-Za-z0-9]/g, "").toLowerCase();

  /* What the catalogue says of its papers. Of more than two authors it has the first: `others` are there in turn. */
  /** @param {Catalogue} catalogue @param {CatalogueAuthors} [others] @returns {Columns<KnownPaper>} */
  function unpackedPapers({ papers, groups, models, facts }, others) {
    const title = unpackedTexts(papers.title);
    const name = papers.name.map((said, row) => (said === 1 ? title[row].split(":")[0] : String(said)));
    const year = valuesOf(papers.year);
    const tasks = groups.flatMap(([, own]) => own);
    const authors = papers.authors.map((shown, row) => [...listOf(shown), ...listOf(others?.authors[row] ?? "")]);
    const key = papers.key.map((said, row) => {
      const last = (authors[row][0] ?? "").split(" ").pop() ?? "";
      return typeof said === "string" ? said : squeezed(last) + year[row] + squeezed(said ? title[row].split(" ")[said - 1] : name[row]);
    });
    const places = facts.map(([id, , values]) => /** @type {const} */ ([id, placesOf(papers.facts[id]).map((cell) => cell.map((place) => values[place][0]))]));
    return {
      key, name, title, authors, year, tasks: placesOf(papers.tasks).map((cell) => cell.map((place) => tasks[place])),
      models: placesOf(papers.models).map((cell) => cell.map((place) => models[place][0])),
      byline: papers.authors.map((shown) => (shown.endsWith(";") ? `${shown.slice(0, -1)} et al.` : listOf(shown).join(", "))),
      venue: valuesOf(papers.venue), category: valuesOf(papers.category), family: valuesOf(papers.family), further_families: valuesOf(papers.further_families),
      kind: valuesOf(papers.kind), scope: valuesOf(papers.scope), status: valuesOf(papers.status), added: valuesOf(papers.added), depth: valuesOf(papers.depth), licence: valuesOf(papers.licence),
      code: papers.code.map((address) => (!address || /^https?:/.test(address) ? address : GITHUB + address)),
      hasNumbers: papers.numbers.map(Boolean), inChapter: papers.chapters.map(Boolean),
      facts: key.map((_, row) => Object.fromEntries(places.map(([id, column]) => [id, column[row]]))),
    };
  }

  survey.share({ inflated, listOf, unpackedTexts, unpackedPapers });
}
