/** The report's only script: filters the samples. The page is whole without it. */
export const script = `
const form = document.getElementById('filters');
if (form) {
  const cards = [...document.querySelectorAll('.sample')];
  const texts = new Map();
  const textOf = (card) => {
    if (!texts.has(card)) texts.set(card, card.textContent.toLowerCase());
    return texts.get(card);
  };
  const apply = () => {
    const words = document.getElementById('search').value.toLowerCase().trim();
    const task = document.getElementById('task').value;
    const verdicts = new Set([...form.querySelectorAll('[name=verdict]:checked')].map((box) => box.value));
    let shown = 0;
    for (const card of cards) {
      const match = verdicts.has(card.dataset.verdict) && (task === '' || card.dataset.task === task) && (words === '' || textOf(card).includes(words));
      card.hidden = !match;
      if (match) shown++;
    }
    document.getElementById('shown').textContent = shown + ' of ' + cards.length + ' shown';
  };
  let waiting;
  form.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(apply, 120);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
  apply();
}
`;
