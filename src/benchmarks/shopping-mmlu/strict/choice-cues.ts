/** Words after which a reply names its answer, in the benchmark's languages. */
const finalCues =
  '(?:my\\s+)?final\\s+(?:answer|choice|rating)|endgültige\\s+antwort|respuesta\\s+final|réponse\\s+finale|' +
  'risposta\\s+finale|最終(?:的な)?(?:回答|答え)';

const answerCues =
  '(?:correct|right|best|most\\s+\\p{L}+)\\s+(?:answer|option|choice|number|letter|statement|match|category|one)|answer|' +
  'antwort|lösung|respuesta|opción\\s+correcta|réponse|bonne\\s+option|risposta|opzione\\s+corretta|正解|答え|回答|解答|' +
  '(?:rating|score)(?:\\s+(?:of|for)\\s+[^.:\\n]{1,40}?)?|bewertung|calificación|puntuación|note|valutazione|voto|評価|' +
  "\\bI\\s*(?:would|will|’d|'d|’ll|'ll)?\\s*(?:choose|pick|select|go\\s+with|say|rate\\s+(?:it|this(?:\\s+\\p{L}+)?|the\\s+\\p{L}+))|" +
  '\\bich\\s+(?:wähle|nehme)|\\b(?:elijo|escojo)|\\bje\\s+choisis|\\bscelgo';

const optionCues =
  'options?|choice|selection|output|auswahl|nummer|opción|número|choix|numéro|opzione|scelta|numero|選択肢|番号|number';

const links =
  '(?:\\s*(?:is|was|be|are|would\\s+be|should\\s+be|must\\s+be|as|a|an|the|number|no\\.|option|choice|letter|' +
  "ist|lautet|wäre|die|der|option|nummer|es|la|el|opción|número|est|l'option|l’option|le|numéro|è|l'opzione|" +
  'l’opzione|il|numero|は|、|番号|選択肢|の)(?![\\p{L}])|は|の|、|番号|選択肢)*';

const opening = '\\s*[:=→>»-]*\\s*[("\'“‘«\\[<#「]*\\s*';
/** Letters in capitals; those that are also words do not count where another word follows. */
const label =
  '(?<label>\\d{1,2}(?![\\d]|[.,]\\d|[-–/:]\\d|\\s?%|(?!で|が|番|は)[\\p{L}_°€£]|-\\p{L})|' +
  '(?<=\\()[a-z](?=\\))|' +
  "[B-DF-HJ-NP-XZ](?![\\p{L}\\p{N}'’&])|[AEIOY](?![\\p{L}\\p{N}'’&]|\\s+[\\p{L}\\p{N}]))";

function cuePattern(cues: string): RegExp {
  // Cues in either case, labels in capitals only.
  const either = cues.replace(/(?<!\\)\\p\{L\}|\\[a-z]|\p{L}/gu, (part) =>
    part.startsWith('\\') || part.toLowerCase() === part.toUpperCase()
      ? part
      : `[${part.toLowerCase()}${part.toUpperCase()}]`,
  );
  return new RegExp(`(?<![\\p{L}])(?:${either})${links}${opening}${label}`, 'gu');
}

export const cues = {
  final: cuePattern(finalCues),
  answer: cuePattern(answerCues),
  option: cuePattern(optionCues),
} as const;
