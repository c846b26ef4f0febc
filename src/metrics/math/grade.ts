/** What a grader of mathematical answers says. */
export interface MathGrade {
  readonly right: boolean;
  /** False where the answer could not be read at all: then it is wrong, but for another reason. */
  readonly parsed: boolean;
  /** What the verdict rests on: `string`, `number`, `choice`, `text`, `symbolic`, `numeric`, `set`, `tuple`, … */
  readonly how: string;
  /** For people, in one sentence. */
  readonly explanation: string;
}
