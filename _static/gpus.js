// @ts-check
// What a reader calls a card: its memory, as cards are sold, or its name; as peft_vlm_survey/costs/card_names.py has it.
"use strict";

{
  const GIB = 2 ** 30;
  const MOST_GB = 1024;

  /* What tells a card from others, however its name is written; as peft_vlm_survey/read/cards.py has it. */
  /** @param {string} name @param {KnownCards} known */
  function keyOf(name, { makers, forms }) {
    const form = new RegExp(`^(?:${forms})$`);
    const words = name.split(/[\s_-]+/).filter((word) => !form.test(word));
    return words.flatMap((word) => word.match(/[a-z]+|\d+/g) ?? []).filter((piece) => !makers.includes(piece)).join(" ");
  }

  /** @param {string} said */
  function sizeOf(said) {
    const found = /^(\d+(?:\.\d+)?) ?(g|gb|gib|gigabytes?|mb|mib)?$/.exec(said);
    const inMib = (found?.[2] ?? "").startsWith("m");
    const bytes = found ? Number(found[1]) * GIB / (inMib ? 1024 : 1) : 0;
    return bytes >= (inMib ? GIB : 1) && bytes <= MOST_GB * GIB ? bytes : 0; // 24MB is a slip
  }

  /* The memory of a card in bytes, and what must be known of it; or what is wrong with the text, which is called `what`. */
  /** @param {string} text @param {KnownCards} cards @param {string} what @returns {{ bytes: number, note: string, wrong: string, remedy: string }} */
  function cardOf(text, cards, what) {
    const said = text.trim().toLowerCase().split(/[\s_-]+/).join(" ");
    const named = (/** @type {string} */ name) => cards.known.find(([, , keys]) => keys.includes(keyOf(name, cards)));
    let bytes = sizeOf(said);
    let card = named(said);
    const behind = /^(.+) (\d+) ?(?:g|gb|gib)$/.exec(said.replace(new RegExp(` (?:${cards.forms})$`), ""));
    if (!bytes && behind) {
      card = named(behind[1]);
      bytes = card || /^\p{L}/u.test(behind[1]) ? sizeOf(`${behind[2]}gb`) : 0;
    }
    const [names, sizes, , note] = card ?? [[], [], [], ""];
    if (!bytes && sizes.length !== 1) {
      /** @type {Record<string, string>} */
      const words = { what, text, sizes: names.join(" or ") };
      const [wrong, remedy] = cards.refusals[card ? "sizes" : "no card"].map((part) => part.replace(/\{(\w+)\}/g, (_, name) => words[name]));
      return { bytes, note, wrong, remedy };
    }
    return { bytes: bytes || sizes[0] * GIB, note, wrong: "", remedy: "" };
  }

  survey.share({ cardOf });
}
