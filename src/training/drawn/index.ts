export { drawnPictures, type DrawnItem, type DrawnPictures, type DrawnPicturesOptions } from './drawn-pictures.ts';
export { encodePng } from './png.ts';
