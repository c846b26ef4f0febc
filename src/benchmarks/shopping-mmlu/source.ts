import type { DataSource } from '../../core/index.ts';

/** The official archive. The repository states no hash; this one was recorded by a third party (its benchmark copy). */
export const shoppingSource: DataSource = {
  title: 'Shopping MMLU, data.zip of KL4805/ShoppingMMLU at 7b118da',
  license: 'Apache-2.0',
  files: [
    {
      url: 'https://github.com/KL4805/ShoppingMMLU/raw/7b118da/data.zip',
      sha256: '899bad7b0e30d43bac50d4e110120b009ac39a3a84a4ab92f5db25edd3278cef',
      path: 'data.zip',
      extract: true,
    },
  ],
};
