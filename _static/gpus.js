// @ts-check
// What a reader calls a card: its memory, as cards are sold; as peft_vlm_survey/costs/card_names.py has it.
"use strict";

{
  const GIB = 2 ** 30;
  const MOST_GB = 1024;

  /* The memory of a card in bytes, said alone or behind a name; null if the text says none. */
  /** @param {string} text */
  function cardBytes(text) {
    const said = text.trim().toLowerCase();
    const found = /^(\d+(?:\.\d+)?)\s*(g|gb|gib|gigabytes?|mb|mib)?$/.exec(said) ?? /^[a-z][a-z0-9 -]*[ -](\d+)\s*(g|gb|gib)$/.exec(said);
    const inMib = (found?.[2] ?? "").startsWith("m");
    const bytes = found ? Number(found[1]) * GIB / (inMib ? 1024 : 1) : 0;
    return bytes >= (inMib ? GIB : 1) && bytes <= MOST_GB * GIB ? bytes : null; // 24MB is a slip
  }

  survey.share({ cardBytes });
}
