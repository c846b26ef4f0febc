/** XML as a stream of records. */
export { readXml, type ReadXmlOptions } from './read-xml.ts';
export { childText, type XmlElement } from './xml-element.ts';
