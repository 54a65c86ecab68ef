// @ts-check
// What a reader calls a backbone: an identifier, a printed name, or the address of its weights; as peft_vlm_survey/costs/backbone_names.py has it.
"use strict";

{
  /* The letters and numbers of a name, without its owner. */
  /** @param {string} name @param {Record<string, string>} sizes @returns {string[]} */
  function piecesOf(name, sizes) {
    let text = name.toLowerCase().replace(/(?<=\d)_(?=\d)/g, ".");
    if (/^[a-z0-9_.-]+\/[a-z0-9_.-]{4,}$/.test(text)) {
      text = text.slice(text.indexOf("/") + 1);
    }
    return (text.match(/[a-z]+|\d+(?:\.\d+)?/g) ?? []).map((piece) => sizes[piece] ?? piece);
  }

  /**
   * The identifier that a text means, or null if none or nothing sure.
   * @param {string} text
   * @param {[string, string[]][]} names identifiers, each with further names
   * @param {{beside: string[], sizes: Record<string, string>}} rules
   * @returns {string | null}
   */
  function namedBackbone(text, names, { beside, sizes }) {
    if (names.some(([id]) => id === text)) {
      return text;
    }
    const said = piecesOf(text, sizes);
    /** @type {[number, string] | null} */
    let best = null;
    for (const [id, further] of names) {
      for (const name of [id, ...further]) {
        const own = piecesOf(name, sizes);
        if (name.toLowerCase() === text.toLowerCase() || own.join(" ") === said.join(" ")) {
          return id;
        }
        const left = [...said];
        const all = own.every((piece) => left.includes(piece) && left.splice(left.indexOf(piece), 1));
        if (all && left.every((piece) => beside.includes(piece)) && (!best || own.length > best[0])) {
          best = [own.length, id];
        }
      }
    }
    return best ? best[1] : null;
  }

  survey.share({ namedBackbone });
}
