// @ts-check
// The first script of every page: the one name that the scripts share, and letters as a search compares them, in the
// filters of tables, in the catalogue, and in the search of the site. types/survey.d.ts lists what the scripts share.
"use strict";

const survey = /** @type {Survey} */ ({ data: {}, share: (shared) => { Object.assign(survey, shared); } });

{
  /** @type {Record<string, string>} */
  const LETTERS = { ł: "l", ø: "o", đ: "d", ð: "d", ħ: "h", ı: "i", ß: "ss", æ: "ae", œ: "oe", þ: "th" }; // which Unicode does not decompose
  /* Letter case, accents and the kind of dash do not matter; peft_vlm_survey/read/folding.py folds in the same way. */
  const folded = (/** @type {string} */ text) => text.normalize("NFKD").replace(/\p{M}/gu, "").replace(/[‐-―−]/g, "-").toLowerCase()
    .replace(/[łøđðħıßæœþ]/g, (letter) => LETTERS[letter]);

  survey.share({ folded });
}
