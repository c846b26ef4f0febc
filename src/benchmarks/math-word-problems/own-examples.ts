import type { AnswerKind } from '../../metrics/math/index.ts';
import type { Example } from './prompts.ts';

/** Worked examples, written for Fettle, for sets without a training split at hand. */
export const ownExamples: { readonly [kind in AnswerKind]: readonly Example[] } = {
  number: [
    {
      question:
        'A ferry makes 3 crossings in the morning and twice as many in the afternoon. Each crossing takes 14 cars. How many cars does it take in a day?',
      solution:
        'In the afternoon it makes 3 * 2 = 6 crossings.\nIn a day that is 3 + 6 = 9 crossings.\nThey take 9 * 14 = 126 cars.',
      answer: '126',
    },
    {
      question:
        'Milena had 50 stamps. She gave 18 to her brother and then bought 7 more. How many stamps does she have now?',
      solution: 'After giving 18 away she has 50 - 18 = 32 stamps.\nWith 7 more she has 32 + 7 = 39 stamps.',
      answer: '39',
    },
    {
      question: 'A coat costs 80 dollars. In the sale it is 15% cheaper. What does it cost in the sale?',
      solution: 'The discount is 80 * 0.15 = 12 dollars.\nThe coat then costs 80 - 12 = 68 dollars.',
      answer: '68',
    },
    {
      question:
        'Five friends share 3 melons and 2 kilograms of cherries evenly. A melon weighs 4 kilograms. How many kilograms of fruit does each get?',
      solution:
        'The melons weigh 3 * 4 = 12 kilograms.\nAll fruit weighs 12 + 2 = 14 kilograms.\nEach friend gets 14 / 5 = 2.8 kilograms.',
      answer: '2.8',
    },
  ],
  latex: [
    {
      question: 'Solve $3(x-2) = x + 7$ for $x$.',
      solution: 'Expanding gives $3x - 6 = x + 7$.\nThen $2x = 13$, so $x = \\frac{13}{2}$.',
      answer: '\\frac{13}{2}',
    },
    {
      question: 'How many subsets of $\\{1,2,3,4,5,6\\}$ have exactly two elements?',
      solution: 'Two elements out of six are chosen in $\\binom{6}{2} = \\frac{6 \\cdot 5}{2} = 15$ ways.',
      answer: '15',
    },
    {
      question: 'For which real $x$ is $x^2 - 5x + 4 \\le 0$? Answer in interval notation.',
      solution:
        'The left side is $(x-1)(x-4)$, with roots $1$ and $4$.\nIt is at most zero between them, ends included.',
      answer: '[1,4]',
    },
    {
      question: 'The diagonal of a square is $6$. What is its area?',
      solution: 'With side $s$ the diagonal is $s\\sqrt{2} = 6$, so $s^2 = \\frac{36}{2} = 18$.',
      answer: '18',
    },
  ],
  choice: [
    {
      question: 'A pump fills a tank in 6 hours and another fills it in 3 hours. How long do both take together?',
      options: ['A)1 hour', 'B)2 hours', 'C)2.5 hours', 'D)4 hours', 'E)4.5 hours'],
      solution: 'In an hour they fill 1/6 + 1/3 = 1/2 of the tank.\nThe whole tank takes 1 / (1/2) = 2 hours.',
      answer: 'B',
    },
    {
      question: 'The average of four numbers is 12. Three of them are 9, 11 and 13. What is the fourth?',
      options: ['A)12', 'B)13', 'C)14', 'D)15', 'E)16'],
      solution:
        'The sum of all four is 4 * 12 = 48.\nThe three known ones sum to 9 + 11 + 13 = 33, so the fourth is 48 - 33 = 15.',
      answer: 'D',
    },
    {
      question: 'A price rises by 20% and then falls by 20%. By how much has it changed in all?',
      options: ['A)-4%', 'B)-2%', 'C)0%', 'D)2%', 'E)4%'],
      solution: 'The price becomes 1.2 * 0.8 = 0.96 times what it was.\nThat is a change of -4%.',
      answer: 'A',
    },
  ],
};
