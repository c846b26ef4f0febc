/** Words after which replies give their answer, in the languages of the benchmarks. */
const cues = [
  String.raw`\\boxed\s?\{`,
  '#{4}',
  String.raw`(?:final|correct|right|best|my|the|overall)?\s?(?:answer|answers|choice|option|solution|result)\s?(?:is|are|was|would be|should be|must be|=|:|：)(?:\s?:)?`,
  String.raw`(?<!\p{L})answer(?=\s?[(\[*"'])`,
  String.raw`(?<!\p{L})(?:i|we|i'd|i'll|would|should) (?:choose|pick|select|go with|answer)`,
  String.raw`(?:正确|最终|最佳)?(?:答案|选项|選項|选择|選擇|答え|正解|回答|解答)\s?(?:是|为|為|は|应为|應為|应该是|:|：)+`,
  String.raw`(?:respuesta|réponse|antwort|risposta|resposta)\s?(?:correcta|correcte|corretta)?\s?(?:es|est|ist|è|é|:)`,
];

const cuePattern = new RegExp(cues.join('|'), 'giu');

/** Where the words after each answer cue begin ("the answer is", "Answer:", `\boxed{`, "答案是"), in order. */
export function answerCues(text: string): number[] {
  return Array.from(text.matchAll(cuePattern), (match) => match.index + match[0].length);
}
