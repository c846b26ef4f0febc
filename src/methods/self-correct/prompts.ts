/** Asks for faults alone, so that the reply can be read before anything is changed. */
export const reviewPrompt =
  'Read your answer again with care. Does any step of it go wrong: a number misread, a calculation slip, a condition left out, a question not answered? Name what is wrong and where. If nothing is, say so.';

export const revisePrompt =
  'Now answer the question again in full, with everything mended that you found. If nothing was wrong, give the same answer. Keep to the form that was asked for.';

/** Both in one request. */
export const jointPrompt =
  'Read your answer again with care and look for steps that go wrong. Then answer the question again in full, with everything mended that you found; if nothing was wrong, give the same answer. Keep to the form that was asked for.';
