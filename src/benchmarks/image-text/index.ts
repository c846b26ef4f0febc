/** Image-text encoders: zero-shot classification and retrieval, as tasks and in bulk. */
import { imageTextBenchmark } from './benchmark.ts';

/** CIFAR-100 (A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images, 2009) as folders of PNG files. */
export const cifar100 = imageTextBenchmark({
  name: 'cifar-100',
  title: 'CIFAR-100',
  description: 'Zero-shot classification of 32 by 32 pictures in 100 classes and 20 superclasses.',
  form: 'classes',
  expected: 'Give a folder with train/CLASS/FILE.png and test/CLASS/FILE.png (or tar files of them), and labels.json.',
});

/** Flickr8k (M. Hodosh, P. Young and J. Hockenmaier, JAIR 47, 2013). */
export const flickr8k = imageTextBenchmark({
  name: 'flickr8k',
  title: 'Flickr8k',
  description: 'Retrieval of captions for pictures and of pictures for captions, on the official test split.',
  form: 'captions',
  expected:
    'Give a folder with the pictures (or a tar file), captions as name.jpg#0<TAB>caption and split lists as JSON.',
});

export const imageClasses = imageTextBenchmark({
  name: 'image-classes',
  title: 'Own image classes',
  description: 'Zero-shot classification of any folder of class folders.',
  form: 'classes',
  expected: 'Give a folder or archive with CLASS/FILE.png, or test/CLASS/FILE.png.',
});

export const imageCaptions = imageTextBenchmark({
  name: 'image-captions',
  title: 'Own captioned images',
  description: 'Retrieval, and classification where rows have classes, from rows of images with captions.',
  form: 'captions',
  expected: 'Give a JSON Lines file with image and captions beside the pictures, or the folder of both.',
});
