import type { DataSource } from '../../core/index.ts';

/**
 * Questions and charts as the authors' repository has them, at a commit of the expanded release. The repository states
 * no licence; the one below stands on the card of the same data at huggingface.co/datasets/Zifeng618/MultiChartQA.
 * Archives that the host makes on request have no lasting hash: the commit pins the content.
 */
const commit = '3af1524443cfa2c03dabfd04ddbde6a97d797d72';

export const chartSource: DataSource = {
  title: `MultiChartQA, Zivenzhu/Multi-chart-QA at ${commit.slice(0, 7)}`,
  license: 'CC BY-NC 4.0: not for commercial use',
  files: [
    {
      url: `https://github.com/Zivenzhu/Multi-chart-QA/archive/${commit}.zip`,
      path: 'multi-chart-qa.zip',
      extract: true,
    },
  ],
};
